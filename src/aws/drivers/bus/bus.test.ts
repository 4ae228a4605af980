import type { PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openEventBus } from './index.ts';
import { batchesOf } from './requests.ts';

const events = (count: number, length = 2) =>
  Array.from({ length: count }, (_, i) => ({
    source: 's',
    detailType: `T${i}`,
    detail: '"'.padEnd(length, 'x'),
    time: 0,
  }));

test.each([
  { count: 0, length: 2, sizes: [] },
  { count: 25, length: 2, sizes: [10, 10, 5] },
  { count: 5, length: 400_000, sizes: [2, 2, 1] },
])('$count events of $length bytes go in $sizes', ({ count, length, sizes }) => {
  expect(batchesOf(events(count, length)).map((batch) => batch.length)).toEqual(sizes);
});

test('an answer of 200 that names failures is no success: those are put again, then answered', async () => {
  const clock = new ManualClock();
  const put: (string | undefined)[][] = [];
  const send = async ({ input: { Entries = [] } }: { input: PutEventsCommandInput }) => {
    put.push(Entries.map(({ DetailType }) => DetailType));
    return {
      FailedEntryCount: 1,
      Entries: Entries.map(({ DetailType }) =>
        DetailType === 'T2' || (DetailType === 'T0' && put.length === 1)
          ? { ErrorCode: 'InternalFailure' }
          : { EventId: '1' },
      ),
    };
  };
  const bus = openEventBus({ client: { send: send as never }, bus: 'b', clock, ids: seededIds() });
  let untaken: number[] | undefined;
  void bus.put(events(3)).then((answer) => {
    untaken = answer;
  });
  while (!untaken) await clock.advance(100);
  expect(untaken).toEqual([2]);
  expect(put).toEqual([['T0', 'T1', 'T2'], ['T0', 'T2'], ['T2']]);
});
