import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import {
  deployments,
  events,
  ingressClasses,
  ingresses,
  services,
} from '../../src/shared/controllers/resources.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';
import { FakeIngresses } from '../../src/shared/fake/ingresses.ts';
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
  const { metadata } = await create();
  cloud.refusing.set(metadata.uid ?? '', new ApiError('Invalid', 'annotation x: nonsense'));
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
  await cloud.ensure(ref, [{ ingress: { metadata: { name: 'gone' } }, isServed: false, backends: [] }]);
  await world.manager.stop();
  world = createWorld({ clock, storage: world.storage, ports: { ingresses: cloud } });
  await world.manager.start();
  await until(() => cloud.served.size === 0);
});

describe('a group', () => {
  const alb = 'alb.ingress.kubernetes.io/';
  const group = (name: string | null) => ({ metadata: { annotations: { [`${alb}group.name`]: name } } });
  const join = (namespace: string, annotations: Record<string, string> = {}) =>
    world.client.create(ingresses, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'site',
        namespace,
        annotations: Object.fromEntries(
          Object.entries({ 'group.name': 'g', ...annotations }).map(([key, value]) => [alb + key, value]),
        ),
      },
      spec: { defaultBackend },
    } as Ingress);
  const one = async (namespace: string) => (await world.client.get(ingresses, namespace, 'site'))!;
  const hostOf = async (namespace: string) =>
    (await one(namespace))?.status?.loadBalancer?.ingress?.[0]?.hostname;
  const members = () =>
    cloud.served.get('group.ingress.k8s.aws/g')?.members.map(({ ingress }) => ingress.metadata.namespace);
  const told = async (reason: string) =>
    (await world.client.list(events))
      .filter((e) => e.reason === reason)
      .map((e) => `${e.involvedObject?.namespace}: ${e.message}`);

  test('is served in one place across namespaces, in its order, and told of in each status', async () => {
    await join('a');
    await join('b', { 'group.order': '-1' });
    await until(
      async () => (await hostOf('a')) === 'g.ingress.test' && (await hostOf('b')) === 'g.ingress.test',
    );
    expect(members()).toEqual(['b', 'a']);
    expect(cloud.served.size).toBe(1);
    expect((await one('a')).metadata.finalizers).toEqual(['group.ingress.k8s.aws/g']);
  });

  test('goes on without who moves or goes, and ends with the last', async () => {
    for (const namespace of ['a', 'b', 'c']) await join(namespace);
    await until(() => members()?.length === 3);
    await world.client.patch(ingresses, 'a', 'site', group(null));
    await until(async () => (await hostOf('a')) === 'site.a.ingress.test' && members()?.join() === 'b,c');
    await until(async () => (await one('a')).metadata.finalizers?.join() === 'ingress.k8s.aws/resources');
    await world.client.patch(ingresses, 'a', 'site', group('other'));
    await until(async () => (await hostOf('a')) === 'other.ingress.test');
    await world.client.delete(ingresses, 'b', 'site');
    await until(async () => (await world.client.get(ingresses, 'b', 'site')) === undefined);
    expect(members()).toEqual(['c']);
    await world.client.delete(ingresses, 'c', 'site');
    await until(async () => (await world.client.get(ingresses, 'c', 'site')) === undefined);
    expect([...cloud.served.keys()]).toEqual(['group.ingress.k8s.aws/other']);
  });

  test('leaves out who cannot be had, who says so', async () => {
    await join('a');
    await join('b');
    await until(async () => (await hostOf('a')) !== undefined && (await hostOf('b')) !== undefined);
    const { uid = '' } = (await one('b')).metadata;
    cloud.refusing.set(uid, new ApiError('Invalid', 'conflicting scheme'));
    await world.client.patch(ingresses, 'b', 'site', { metadata: { annotations: { x: 'y' } } });
    await until(async () => members()?.join() === 'a');
    expect(await told('FailedBuildModel')).toEqual(['b: Failed to build model due to conflicting scheme']);
    // Where it comes to anew, it has nothing to tell of.
    await join('c', { 'group.name': 'other' });
    await until(async () => (await hostOf('c')) === 'other.ingress.test');
    cloud.refusing.set((await one('c')).metadata.uid ?? '', new ApiError('Invalid', 'conflicting tag'));
    await world.client.patch(ingresses, 'c', 'site', group('g'));
    await until(async () => (await hostOf('c')) === undefined);
    expect([await hostOf('a'), members()?.join()]).toEqual(['g.ingress.test', 'a']);
  });

  test('of which none can be had keeps who wants to go, until one can', async () => {
    await join('a');
    await join('b');
    await until(() => members()?.length === 2);
    const { uid = '' } = (await one('a')).metadata;
    cloud.refusing.set(uid, new ApiError('Invalid', 'nonsense'));
    await world.client.patch(ingresses, 'a', 'site', { metadata: { annotations: { x: 'y' } } });
    await until(() => members()?.join() === 'b');
    await world.client.delete(ingresses, 'b', 'site');
    await clock.advance(60_000);
    expect(members()).toEqual(['b']);
    cloud.refusing.clear();
    await world.client.patch(ingresses, 'a', 'site', { metadata: { annotations: { x: 'z' } } });
    await until(
      async () => members()?.join() === 'a' && (await world.client.get(ingresses, 'b', 'site')) === undefined,
    );
  });

  test('whose name or order cannot be is told of, and nothing is served', async () => {
    await join('a', { 'group.name': 'G' });
    await join('b', { 'group.order': '2000' });
    await until(async () => (await told('FailedLoadGroupID')).length === 2);
    expect((await told('FailedLoadGroupID')).sort()).toEqual([
      expect.stringMatching(/^a: failed load groupID due to invalid ingress group: groupName must consist/),
      expect.stringMatching(/^b: failed load groupID due to explicit Ingress group order must be within/),
    ]);
    expect(cloud.served.size).toBe(0);
  });

  test('that nobody asks for any more is swept', async () => {
    await join('a');
    await until(() => members()?.length === 1);
    await world.manager.stop();
    const ref = { cluster: 'default', namespace: '', name: 'gone', uid: 'group.ingress.k8s.aws/gone' };
    await cloud.ensure(ref, [{ ingress: { metadata: { name: 'gone' } }, isServed: false, backends: [] }]);
    world = createWorld({ clock, storage: world.storage, ports: { ingresses: cloud } });
    await world.manager.start();
    await until(() => cloud.served.size === 1);
    expect(members()).toEqual(['a']);
  });
});

test('Services that only an action names are followed, and an action that is not there is told of', async () => {
  const targetGroups = [{ serviceName: 'web', servicePort: 'http' }];
  const action = JSON.stringify({ type: 'forward', forwardConfig: { targetGroups } });
  const useAnnotation = (name: string) => ({ service: { name, port: { name: 'use-annotation' } } });
  await create({ defaultBackend: useAnnotation('split') });
  await until(async () => (await reasons()).includes('BackendNotFound'));
  expect((await world.client.list(events)).map((e) => e.message)).toContain(
    'There is no annotation alb.ingress.kubernetes.io/actions.split: requests for it are answered by 503',
  );
  const annotations = { 'alb.ingress.kubernetes.io/actions.split': action };
  await world.client.patch(ingresses, 'default', 'site', { metadata: { annotations } });
  await createService();
  await world.client.create(deployments, deploymentOf('web', 1));
  await until(() => endpoints().filter((e) => e.ready && e.port === 8080).length === 1);
});
