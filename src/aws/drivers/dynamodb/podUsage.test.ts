import { beforeEach, expect, test } from '@jest/globals';
import { Simulator } from '../../../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import type { ContainerUsage } from '../../../shared/ports/statistics.ts';
import { openPodUsage, type PodUsage } from './podUsage.ts';
import { logPrefix } from './streamRecords.ts';

let clock: ManualClock;
let simulator: Simulator;
let usage: PodUsage;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 10));
  simulator = new Simulator({ clock, ids: seededIds(1) });
  usage = openPodUsage({
    ...{ client: simulator.connect().client, table: 't', clock, ids: seededIds(2) },
    everyMs: 60_000,
  });
});

const refOf = (name: string, namespace = 'ns', uid = `uid-${name}`) => ({
  ...{ cluster: 'default', namespace, name, uid },
});
const pod: Pod = {
  metadata: { name: 'a' },
  spec: {
    containers: [
      { name: 'z', image: 'i' },
      { name: 'b', image: 'i' },
    ],
  },
};
const used = (name: string, cpuSeconds: number, more: Partial<ContainerUsage> = {}): ContainerUsage => ({
  ...{ name, at: clock.now() - 1_000, since: clock.now() - 30_000 },
  ...{ cpuNanoseconds: cpuSeconds * 1e9, memoryBytes: 1_024 },
  ...more,
});

test('is told as it was kept, in the order of the Pod, with where each counter stood before', async () => {
  const since = clock.now() - 30_000;
  await usage.keep(refOf('a'), [used('b', 1, { since }), used('z', 2, { since })]);
  const first = await usage.pod(refOf('a'), pod);
  const before = { at: since, cpuNanoseconds: 0 };
  expect(first).toEqual([used('z', 2, { since, before }), used('b', 1, { since, before })]);
  await clock.advance(60_000);
  await usage.keep(refOf('a'), [used('b', 7, { since }), used('z', 3, { since })]);
  expect(await usage.pod(refOf('a'), pod)).toEqual([
    used('z', 3, { since, before: { at: first[0]!.at, cpuNanoseconds: 2e9 } }),
    used('b', 7, { since, before: { at: first[1]!.at, cpuNanoseconds: 1e9 } }),
  ]);
});

test('a telling is one write of one unit, and no change that a controller hears of', async () => {
  const containers = ['one', 'two', 'three'].map((name) => used(name, 123_456.789));
  await usage.keep(refOf('a'), containers);
  await clock.advance(60_000);
  await usage.keep(refOf('a'), containers);
  expect([...simulator.requests]).toEqual([['UpdateItem', 2]]);
  const [item] = simulator.operations.items.all();
  expect(JSON.stringify(item).length).toBeLessThan(1_024);
  expect(item?.pk?.S?.startsWith(logPrefix)).toBe(false);
  expect(Number(item?.expires?.N)).toBe(clock.now() / 1_000 + 3_600);
});

test('what comes twice changes nothing, whether an answer was lost or not', async () => {
  const since = clock.now() - 30_000;
  await usage.keep(refOf('a'), [used('z', 1, { since })]);
  await clock.advance(60_000);
  const again = [used('z', 2, { since })];
  await usage.keep(refOf('a'), again);
  await usage.keep(refOf('a'), again);
  expect((await usage.pod(refOf('a'), pod))[0]?.before?.cpuNanoseconds).toBe(1e9);
});

test.each<[string, Partial<ContainerUsage>, number]>([
  ['where it was told to stand', {}, 1e9],
  ['its start, when it was started again since', { since: Date.UTC(2026, 10) + 50_000 }, 0],
])('the reading before is %s', async (_, more, wanted) => {
  const since = clock.now() - 30_000;
  await usage.keep(refOf('a'), [used('z', 1, { since })]);
  await clock.advance(60_000);
  await usage.keep(refOf('a'), [used('z', 2, { since, ...more })]);
  expect((await usage.pod(refOf('a'), pod))[0]?.before?.cpuNanoseconds).toBe(wanted);
});

test('of what has run for long it says nothing until it was told twice, or Docker has read before', async () => {
  const since = clock.now() - 3_600_000;
  await usage.keep(refOf('a'), [used('z', 1, { since })]);
  expect(await usage.pod(refOf('a'), pod)).toEqual([]);
  await clock.advance(60_000);
  const before = { at: clock.now() - 16_000, cpuNanoseconds: 1e9 };
  await usage.keep(refOf('b'), [used('z', 2, { since, before })]);
  expect(await usage.pod(refOf('b'), pod)).toEqual([used('z', 2, { since, before })]);
});

test('it is forgotten when it was told long ago, and is not that of a Pod of the same name', async () => {
  await usage.keep(refOf('a'), [used('z', 1)]);
  expect(await usage.pod(refOf('a', 'ns', 'uid-of-another'), pod)).toEqual([]);
  expect(await usage.pod(refOf('a'), pod)).toHaveLength(1);
  await clock.advance(180_001);
  expect(await usage.pod(refOf('a'), pod)).toEqual([]);
});

test('one Pod is one read, and all Pods of a namespace or of a cluster are one query', async () => {
  for (const [name, namespace] of [['a'], ['b'], ['c', 'other']] as const)
    await usage.keep(refOf(name, namespace), [used('z', 1)]);
  const reads = async (...refs: ReturnType<typeof refOf>[]) => {
    simulator.requests.clear();
    const found = await Promise.all(refs.map((ref) => usage.pod(ref, pod)));
    expect(found.map(({ length }) => length)).toEqual(refs.map(() => 1));
    return [...simulator.requests];
  };
  expect(await reads(refOf('a'))).toEqual([['GetItem', 1]]);
  expect(await reads(refOf('a'), refOf('b'))).toEqual([['Query', 1]]);
  expect(await reads(refOf('a'), refOf('b'), refOf('c', 'other'))).toEqual([['Query', 1]]);
});

test('a read that fails fails for all who wait for it, and the next one is tried', async () => {
  simulator.faults.throttle = 1;
  const failed = Promise.allSettled([usage.pod(refOf('a'), pod), usage.pod(refOf('b'), pod)]);
  let ended = false;
  void failed.then(() => {
    ended = true;
  });
  while (!ended) await clock.advance(1_000);
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  simulator.faults.throttle = 0;
  expect(await usage.pod(refOf('a'), pod)).toEqual([]);
});
