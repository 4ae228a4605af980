import { expect, test } from '@jest/globals';
import { Simulator } from '../../../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openDynamoStorage } from './index.ts';
import { logPrefix, streamReader } from './streamRecords.ts';
import { openTimers } from './timers.ts';

const opened = (faults = {}) => {
  const clock = new ManualClock();
  const simulator = new Simulator({ clock, ids: seededIds(1), faults });
  const parts = { client: simulator.connect().client, table: 't', clock, ids: seededIds(2) };
  return { clock, simulator, parts, timers: openTimers(parts) };
};

test('a name is claimed once until its time, or for an earlier one', async () => {
  const { timers, clock } = opened();
  const at = (ms: number) => clock.now() + ms;
  expect(await timers.claim('a', at(100))).toBe(true);
  expect(await timers.claim('a', at(100))).toBe(false);
  expect(await timers.claim('a', at(200))).toBe(false);
  expect(await timers.claim('b', at(200))).toBe(true);
  expect(await timers.claim('a', at(50))).toBe(true);
  await clock.advance(60);
  expect(await timers.claim('a', at(100))).toBe(true);
});

test('what is released is free, unless somebody has claimed it anew', async () => {
  const { timers, clock } = opened();
  const [early, late] = [clock.now() + 50, clock.now() + 100];
  await timers.claim('a', late);
  await timers.claim('a', early);
  await timers.release('a', late);
  expect(await timers.claim('a', late)).toBe(false);
  await timers.release('a', early);
  expect(await timers.claim('a', late)).toBe(true);
});

test('a claim whose answer is lost is still a claim', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { parts, clock } = opened({ lose: 0.5 });
    const timers = openTimers({ ...parts, ids: seededIds(seed) });
    let claimed: boolean | undefined;
    const failed = timers.claim('a', clock.now() + 3_600_000).then(
      (answer) => {
        claimed = answer;
      },
      () => {
        claimed = true;
      },
    );
    while (claimed === undefined) await clock.advance(100);
    await failed;
    expect(claimed).toBe(true);
  }
});

test('the stream tells changes, long ones too, and nothing else', async () => {
  const { parts, simulator } = opened();
  const storage = openDynamoStorage(parts);
  const key = { cluster: 'c', resource: 'pods', namespace: 'n', name: 'p' };
  const long = Array.from({ length: 120_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296).join();
  const { revision } = await storage.create(key, () => Buffer.from(long));
  await storage.delete(key, revision, () => Buffer.from('last'));
  const read = streamReader(parts);
  const images = simulator.operations.items.all();
  expect(images.filter((image) => image.pk?.S?.startsWith(logPrefix))).toHaveLength(2);
  const told = (await Promise.all(images.map(read))).flatMap((streamed) => streamed?.change ?? []);
  expect(told.map(({ type, object }) => [type, Buffer.from(object.value).toString()])).toEqual([
    ['put', long],
    ['delete', 'last'],
  ]);
  expect(Buffer.from(told[1]!.previous!.value).toString()).toBe(long);
});
