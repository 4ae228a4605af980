import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { events, services } from '../../src/shared/controllers/resources.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';
import type { Service, ServiceSpec } from '../../src/shared/kinds/schema/types.ts';
import { closeWorld, createWorld, eventuallySecondly, type World } from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  world = createWorld({ clock });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const create = (spec: Partial<ServiceSpec> = {}) =>
  world.client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  } as Service);
const web = () => world.client.get(services, 'default', 'web');
const warned = async () =>
  (await world.client.list(events))
    .filter((e) => e.reason === 'SyncLoadBalancerFailed')
    .map((e) => e.message ?? '');
const ensured = () =>
  world.loadBalancers.calls.filter((c) => c.verb === 'ensure' && c.ref.name === 'web').length;

test('what cannot be had is told in an Event and not tried again until the Service changes', async () => {
  world.loadBalancers.failNext(new ApiError('Invalid', 'annotation x: nonsense'));
  await create();
  await until(async () => (await warned()).length > 0);
  expect(await warned()).toEqual([
    expect.stringContaining('failed to ensure load balancer: annotation x: nonsense'),
  ]);
  const tries = ensured();
  await clock.advance(60_000);
  expect(ensured()).toBe(tries);
  await world.client.patch(services, 'default', 'web', { metadata: { annotations: { x: 'sense' } } });
  await until(async () => (await web())?.status?.loadBalancer?.ingress?.length === 1);
});

test('what fails is told and tried again', async () => {
  world.loadBalancers.failNext(new ApiError('TooManyRequests', 'quota'));
  await create();
  await until(async () => (await web())?.status?.loadBalancer?.ingress?.length === 1);
  expect(await warned()).toHaveLength(1);
});

test('what holds up a deletion is told, unless it passes by itself', async () => {
  await create();
  await until(async () => (await web())?.metadata.finalizers?.length === 1);
  const failures = [
    new ApiError('ServiceUnavailable', 'in use'),
    new ApiError('Forbidden', 'deletion protection'),
  ];
  const real = world.loadBalancers.remove.bind(world.loadBalancers);
  world.loadBalancers.remove = async (ref) => {
    const failure = failures.shift();
    if (failure) throw failure;
    return real(ref);
  };
  await world.client.delete(services, 'default', 'web');
  await until(async () => !(await web()));
  expect(await warned()).toEqual([
    expect.stringContaining('failed to delete load balancer: deletion protection'),
  ]);
});

test('an address that is not known yet is asked for again', async () => {
  const real = world.loadBalancers.ensure.bind(world.loadBalancers);
  let pending = 3;
  world.loadBalancers.ensure = async (...asked) => {
    const known = await real(...asked);
    return asked[0].name === 'web' && pending-- > 0 ? [] : known;
  };
  await create();
  await until(async () => (await web())?.status?.loadBalancer?.ingress?.length === 1);
  expect(pending).toBeLessThanOrEqual(0);
});

test('the finalizer goes only after what it stands for', async () => {
  await create();
  await until(async () => (await web())?.metadata.finalizers?.length === 1);
  const object = await web();
  world.loadBalancers.failNext(new ApiError('ServiceUnavailable', 'later'));
  const seen: number[] = [];
  const real = world.loadBalancers.ensure.bind(world.loadBalancers);
  world.loadBalancers.ensure = async (ref, service, endpoints) => {
    if (ref.name === 'web') seen.push(service.metadata.finalizers?.length ?? 0);
    return real(ref, service, endpoints);
  };
  await world.client.update(services, { ...object!, spec: { ...object!.spec, type: 'ClusterIP' } });
  await until(async () => !(await web())?.metadata.finalizers?.length);
  expect(seen.slice(0, 2)).toEqual([1, 1]);
});
