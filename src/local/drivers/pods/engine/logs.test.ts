import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { lastLines } from './logs.ts';

const lastOf = async (writes: string[], count: number) => {
  const entries = writes.map((text) => ({ stream: 'stdout' as const, bytes: Buffer.from(text) }));
  const read: string[] = [];
  for await (const { bytes } of lastLines(ReadableStream.from(entries), count)) read.push(bytes.toString());
  return read.join('');
};

test.each([
  { says: 'of many the last', writes: ['a\n', 'b\n', 'c\n'], count: 2, last: 'b\nc\n' },
  { says: 'all where there are fewer', writes: ['a\n'], count: 2, last: 'a\n' },
  { says: 'a last one without an end', writes: ['DONE'], count: 80, last: 'DONE' },
  { says: 'which counts as a line', writes: ['a\n', 'b\n', 'DONE'], count: 2, last: 'b\nDONE' },
  { says: 'alone if one is wanted', writes: ['a\n', 'b\n', 'DONE'], count: 1, last: 'DONE' },
  {
    says: 'a line of several writes whole',
    writes: ['a\n', 'b1', 'b2\n', 'c\n'],
    count: 2,
    last: 'b1b2\nc\n',
  },
  { says: 'nothing of nothing', writes: [], count: 3, last: '' },
])('the last lines of a log are $says', async ({ writes, count, last }) => {
  expect(await lastOf(writes, count)).toBe(last);
});

test('of very many lines very many are kept in time', async () => {
  const [all, count] = [600_000, 300_000];
  async function* lines() {
    for (let n = 0; n < all; n++) {
      // The limit of time below counts only where something else has its turn.
      if (n % 1000 === 0) await setImmediate();
      yield { stream: 'stdout' as const, bytes: Buffer.from(`${n}\n`) };
    }
  }
  let [seen, first] = [0, ''];
  for await (const { bytes } of lastLines(lines(), count)) if (seen++ === 0) first = bytes.toString();
  expect([seen, first]).toEqual([count, `${all - count}\n`]);
}, 30_000);
