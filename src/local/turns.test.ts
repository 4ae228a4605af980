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
