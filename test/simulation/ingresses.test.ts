import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { FakeIngresses } from '../../src/shared/cloud/fake/ingresses.ts';
import {
  deployments,
  events,
  ingressClasses,
  ingresses,
  services,
} from '../../src/shared/controllers/resources.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';
import type { Ingress, IngressSpec, Service } from '../../src/shared/kinds/schema/types.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  type World,
} from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
let cloud: FakeIngresses;
beforeEach(async () => {
  clock = new ManualClock();
  cloud = new FakeIngresses();
  world = createWorld({ clock, ports: { ingresses: cloud } });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const defaultBackend = { service: { name: 'web', port: { name: 'http' } } };
const create = (spec: IngressSpec = {}) =>
  world.client.create(ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'site', namespace: 'default' },
    spec: { defaultBackend, ...spec },
  } as Ingress);
const createService = () =>
  world.client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      type: 'ClusterIP',
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    },
  } as Service);
const site = () => world.client.get(ingresses, 'default', 'site');
const hostname = async () => (await site())?.status?.loadBalancer?.ingress?.[0]?.hostname;
const reasons = async () => (await world.client.list(events)).map((e) => e.reason);
const endpoints = () => [...cloud.served.values()][0]?.members[0]?.backends[0]?.endpoints ?? [];

test('its endpoints follow the Pods of the Service, which may come later', async () => {
  await create();
  await until(async () => (await hostname()) === 'site.default.ingress.test');
  expect(await reasons()).toEqual(expect.arrayContaining(['BackendNotFound', 'SuccessfullyReconciled']));
  expect(endpoints()).toEqual([]);
  await createService();
  await world.client.create(deployments, deploymentOf('web', 2));
  await until(() => endpoints().filter((e) => e.ready && e.port === 8080).length === 2);
});

test('the class is made, and other classes are left to others', async () => {
  await until(async () => (await world.client.get(ingressClasses, '', 'alb')) !== undefined);
  await create({ ingressClassName: 'nginx' });
  await clock.advance(60_000);
  expect(cloud.served.size).toBe(0);
  await world.client.patch(ingresses, 'default', 'site', { spec: { ingressClassName: 'alb' } });
  await until(async () => (await hostname()) !== undefined);
  await world.client.patch(ingresses, 'default', 'site', { spec: { ingressClassName: 'nginx' } });
  await until(async () => cloud.served.size === 0 && (await hostname()) === undefined);
  await until(async () => !(await site())?.metadata.finalizers?.length);
});

test('what cannot be had is told in an Event and not tried again until the Ingress changes', async () => {
  cloud.refusing.set('site', new ApiError('Invalid', 'annotation x: nonsense'));
  await create();
  await until(async () => (await reasons()).includes('FailedBuildModel'));
  expect(await hostname()).toBeUndefined();
  cloud.refusing.clear();
  await clock.advance(60_000);
  expect(await hostname()).toBeUndefined();
  await world.client.patch(ingresses, 'default', 'site', { metadata: { annotations: { x: 'sense' } } });
  await until(async () => (await hostname()) !== undefined);
});

test('the finalizer goes only after what it stands for', async () => {
  await create();
  await until(async () => (await hostname()) !== undefined);
  cloud.failNext(new ApiError('ServiceUnavailable', 'later'));
  await world.client.delete(ingresses, 'default', 'site');
  expect((await site())?.metadata.deletionTimestamp).toBeDefined();
  await until(async () => (await site()) === undefined);
  expect(cloud.served.size).toBe(0);
});

test('what is left of an Ingress that is gone is swept', async () => {
  const ref = { cluster: 'default', namespace: 'default', name: 'gone', uid: 'u' };
  await cloud.ensure(ref, [{ ingress: { metadata: { name: 'gone' } }, backends: [] }]);
  await world.manager.stop();
  world = createWorld({ clock, storage: world.storage, ports: { ingresses: cloud } });
  await world.manager.start();
  await until(() => cloud.served.size === 0);
});
