import { expect, test } from '@jest/globals';
import { takeTurns } from './turns.ts';

let now = 0;
/** Keeps the thread for so many milliseconds. */
const work = (ms: number) => {
  now += ms;
};

test('who has kept the thread for long lets others go first, and then goes on', async () => {
  const turn = takeTurns(() => now);
  const order: string[] = [];
  setImmediate(() => order.push('another'));
  expect(turn()).toBeUndefined();
  work(20);
  await turn();
  order.push('itself');
  expect(order).toEqual(['another', 'itself']);
  expect(turn()).toBeUndefined();
});

test('the step after others have gone first counts like any other', async () => {
  const turn = takeTurns(() => now);
  turn();
  for (let step = 0; step < 3; step++) {
    work(20);
    const others = turn();
    expect(others).toBeInstanceOf(Promise);
    await others;
  }
});

test('of those who wait one goes on at a time, and whoever has come is looked at before the next', async () => {
  const turn = takeTurns(() => now);
  const order: string[] = [];
  const longWork = async (name: string) => {
    for (let step = 1; step <= 2; step++) {
      await turn();
      order.push(`${name}${step}`);
      work(20);
    }
  };
  turn();
  work(20);
  const all = Promise.all(['a', 'b'].map(longWork));
  const looking = () => {
    order.push('-');
    if (order.length < 12) setImmediate(looking);
  };
  setImmediate(looking);
  await all;
  expect(order.join('')).toMatch(/^-*a1-+b1-+a2-+b2/);
});
