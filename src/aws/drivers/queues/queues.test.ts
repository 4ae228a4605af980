import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openQueue } from './index.ts';
import { backOffSeconds } from './received.ts';
import { batchesOf, sendRequest } from './requests.ts';

const texts = (count: number, length = 10) =>
  Array.from({ length: count }, (_, i) => ({ body: String(i).padStart(length, 'x') }));

describe('batches', () => {
  test.each([
    { messages: texts(0), sizes: [], why: 'nothing is no request' },
    { messages: texts(10), sizes: [10], why: 'ten fit' },
    { messages: texts(21), sizes: [10, 10, 1], why: 'never more than ten' },
    { messages: texts(5, 100_000), sizes: [2, 2, 1], why: 'never more than 256 KB together' },
    {
      messages: [{ body: 'é'.repeat(131_072) }, { body: 'e' }],
      sizes: [1, 1],
      why: 'bytes count, not characters',
    },
    {
      messages: [{ body: 'e'.repeat(262_142), attributes: { a: 'b' } }],
      sizes: [1],
      why: 'one that is too long goes alone, to be refused',
    },
    {
      messages: [{ body: 'e'.repeat(262_136), attributes: { a: 'b' } }, { body: 'e' }],
      sizes: [1, 1],
      why: 'attributes count, with their types',
    },
  ])('$why', ({ messages, sizes }) => {
    const batches = batchesOf(messages);
    expect(batches.map((batch) => batch.length)).toEqual(sizes);
    expect(batches.flat().map(({ index }) => index)).toEqual(messages.map((_, i) => i));
  });

  test('attributes are texts', () => {
    const { Entries } = sendRequest('url', batchesOf([{ body: 'b', attributes: { group: 'pods' } }])[0]!);
    expect(Entries?.[0]?.MessageAttributes).toEqual({ group: { DataType: 'String', StringValue: 'pods' } });
  });

  test('D14: a tenant makes the queue a fair one', () => {
    const tenants = ['default/a', 'x'.repeat(200)].map((tenant) => ({ body: 'b', tenant }));
    const { Entries } = sendRequest('url', batchesOf([...tenants, { body: 'b' }])[0]!);
    expect(Entries?.map(({ MessageGroupId }) => MessageGroupId)).toEqual([
      'default/a',
      'x'.repeat(128),
      undefined,
    ]);
  });

  test('delays are whole seconds, at most 900', () => {
    const delays = [0, 1, 1_500, 5_000_000].map((delayMs) => ({ body: 'b', delayMs }));
    const { Entries } = sendRequest('url', batchesOf(delays)[0]!);
    expect(Entries?.map(({ DelaySeconds }) => DelaySeconds)).toEqual([undefined, 1, 2, 900]);
  });
});

test.each([
  { receives: 1, least: 4, most: 5 },
  { receives: 3, least: 16, most: 20 },
  { receives: 99, least: 900, most: 1_125 },
  { receives: 1, isUrgent: true, least: 2, most: 3 },
  { receives: 4, isUrgent: true, least: 8, most: 10 },
  { receives: 5, isUrgent: true, least: 64, most: 80 },
])('$receives receives, urgent: $isUrgent: a message is hidden $least to $most s', (row) => {
  const { receives, isUrgent, least, most } = row;
  expect(backOffSeconds(receives, 0, isUrgent)).toBe(least);
  expect(backOffSeconds(receives, 0.999_999, isUrgent)).toBe(most);
});

describe('a queue', () => {
  type Answer = (input: SendMessageBatchCommandInput) => { Failed?: object[] };
  const opened = (answer: Answer) => {
    const sent: SendMessageBatchCommandInput[] = [];
    const clock = new ManualClock();
    const send = async ({ input }: { input: SendMessageBatchCommandInput }) => {
      sent.push(input);
      return answer(input);
    };
    const queue = openQueue({ client: { send: send as never }, url: 'u', clock, ids: seededIds() });
    return { queue, sent, clock };
  };
  const finished = async <T>(clock: ManualClock, run: Promise<T>): Promise<T> => {
    let done = false;
    void run.finally(() => {
      done = true;
    });
    while (!done) await clock.advance(100);
    return run;
  };

  test('sends again only what was not taken', async () => {
    let calls = 0;
    const { queue, sent, clock } = opened(() =>
      calls++ === 0 ? { Failed: [{ Id: '1', SenderFault: false }] } : {},
    );
    expect(await finished(clock, queue.send(texts(3)))).toEqual([]);
    expect(sent.map(({ Entries }) => Entries?.map(({ MessageBody }) => MessageBody))).toEqual([
      ['xxxxxxxxx0', 'xxxxxxxxx1', 'xxxxxxxxx2'],
      ['xxxxxxxxx1'],
    ]);
  });

  test('answers what is refused for good, and what fails time after time', async () => {
    const { queue, sent, clock } = opened(({ Entries }) => ({
      Failed: (Entries ?? []).flatMap(({ Id, MessageBody }) =>
        MessageBody?.endsWith('0') ? [{ Id, SenderFault: true }] : MessageBody?.endsWith('2') ? [{ Id }] : [],
      ),
    }));
    expect((await finished(clock, queue.send(texts(3)))).sort()).toEqual([0, 2]);
    expect(sent).toHaveLength(3);
  });

  test('a request that fails takes only its own messages with it', async () => {
    const { queue, clock } = opened(({ Entries }) => {
      if (Entries?.length === 10) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
      return {};
    });
    expect(await finished(clock, queue.send(texts(11)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
