import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { deployments, events, services } from '../../src/shared/controllers/resources.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';
import { FakeNames } from '../../src/shared/fake/names.ts';
import type { Service, ServiceSpec } from '../../src/shared/kinds/schema/types.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  type World,
} from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
let zone: FakeNames;
beforeEach(async () => {
  clock = new ManualClock();
  zone = new FakeNames();
  world = createWorld({ clock, ports: { names: zone } });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const create = (spec: Partial<ServiceSpec> = {}) =>
  world.client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 80 }], ...spec },
  } as Service);
const addresses = () => zone.resolve('default', 'web.default.svc', 'A');

test('a name follows the ready Pods and goes with its Service', async () => {
  await create();
  await world.client.create(deployments, deploymentOf('web', 3));
  await until(() => addresses().length === 3);
  await world.client.patch(deployments, 'default', 'web', { spec: { replicas: 1 } });
  await until(() => addresses().length === 1);
  const { length } = zone.writes;
  await clock.advance(600_000);
  expect(zone.writes).toHaveLength(length);
  await world.client.delete(services, 'default', 'web');
  await until(() => addresses().length === 0);
});

test('an ExternalName is an alias; made anew, it is what it is now', async () => {
  await create({ type: 'ExternalName', externalName: 'example.com' });
  await until(() => zone.resolve('default', 'web.default.svc', 'CNAME').length === 1);
  await world.client.delete(services, 'default', 'web');
  await create();
  await world.client.create(deployments, deploymentOf('web', 1));
  await until(() => addresses().length === 1);
  expect(zone.resolve('default', 'web.default.svc', 'CNAME')).toEqual([]);
});

test('what fails is tried again; names without a Service go with the sweep', async () => {
  zone.failNext(new ApiError('ServiceUnavailable', 'throttled'));
  await create({ type: 'ExternalName', externalName: 'example.com' });
  await until(() => zone.resolve('default', 'web.default.svc', 'CNAME').length === 1);
  const ref = { cluster: 'default', namespace: 'default', name: 'gone', uid: 'u' };
  const branch = { ...ref, cluster: 'branch', uid: 'b' };
  for (const each of [ref, branch])
    await zone.publish(each, [{ name: 'gone.default.svc', type: 'A', values: ['10.0.0.1'] }]);
  await clock.advance(600_000);
  await until(async () => !(await zone.list()).some(({ uid }) => uid === 'u'));
  // Its logical cluster is not there either.
  expect(await zone.list()).not.toContainEqual(branch);
});

test('a port that would have to be translated is warned of, once', async () => {
  await create({ ports: [{ port: 80, targetPort: 8080 }] });
  await world.client.create(deployments, deploymentOf('web', 1));
  const warnings = async () =>
    (await world.client.list(events)).filter(
      ({ reason, involvedObject }) => reason === 'PortNotTranslated' && involvedObject.name === 'web',
    );
  await until(async () => (await warnings()).length === 1);
  await world.client.patch(deployments, 'default', 'web', { spec: { replicas: 2 } });
  await until(() => addresses().length === 2);
  await clock.advance(60_000);
  expect(await warnings()).toMatchObject([{ count: 1 }]);
});
