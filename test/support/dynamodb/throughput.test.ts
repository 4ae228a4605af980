import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { type Asked, Throughput } from './throughput.ts';

const keyed = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
const get = (pk: string): Asked => ({ kind: 'GetItem', input: { Key: keyed(pk) } });
const put = (pk: string, bytes: number): Asked => ({
  kind: 'PutItem',
  input: { Item: { ...keyed(pk), text: { S: 'x'.repeat(bytes) } } },
});

function limited() {
  const clock = new ManualClock();
  return { clock, throughput: new Throughput(clock, () => 0) };
}

test('a key gives 3,000 units of reads a second, others are not held back by it', async () => {
  const { clock, throughput } = limited();
  throughput.admit(get('a'));
  throughput.tookReads(get('a'), 3_500);
  expect(() => throughput.admit(get('a'))).toThrow('Throughput exceeds the limit');
  throughput.admit(get('b'));
  // What was taken in advance is made up for.
  await clock.advance(150);
  expect(() => throughput.admit(get('a'))).toThrow();
  await clock.advance(50);
  throughput.admit(get('a'));
  expect(throughput).toMatchObject({ throttled: 2, busiest: { reads: 3_500, writes: 0 } });
});

test('a key takes 1,000 units of writes a second, each of a kilobyte', () => {
  const { throughput } = limited();
  for (let i = 0; i < 100; i++) {
    throughput.admit(put('a', 9_500));
    throughput.tookWrites(put('a', 9_500));
  }
  expect(throughput.busiest.writes).toBe(1_000);
  expect(() => throughput.admit(put('a', 1))).toThrow(
    expect.objectContaining({ name: 'ThrottlingException' }),
  );
});

test('a transaction costs twice, and is cancelled with the reason of each of its items', () => {
  const { throughput } = limited();
  const asked: Asked = {
    kind: 'TransactWriteItems',
    input: { TransactItems: ['a', 'b'].map((pk) => ({ Put: { TableName: 't', Item: keyed(pk) } })) },
  };
  throughput.tookWrites(asked);
  expect(throughput.busiest.writes).toBe(2);
  for (let i = 0; i < 1_000; i++) throughput.tookWrites(put('b', 1));
  expect(() => throughput.admit(asked)).toThrow(
    expect.objectContaining({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ThrottlingError' }],
    }),
  );
});

test('a new table gives 12,000 units of reads a second, of whatever keys', () => {
  const { throughput } = limited();
  for (let i = 0; i < 12; i++) throughput.tookReads(get(`key ${i}`), 1_000);
  expect(() => throughput.admit(get('another'))).toThrow();
});
