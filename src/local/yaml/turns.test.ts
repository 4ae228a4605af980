import { expect, test } from '@jest/globals';
import { Turns } from './turns.ts';

const tooMany = { reason: 'TooManyRequests' };

/** Returns turns whose works end when they are told to. */
function watched() {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  let now = 0;
  const turns = new Turns(() => now);
  const take = (lane: string, name = lane) =>
    turns.take(lane, () => {
      started.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const endOne = async () => {
    ends.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { started, take, endOne, pass: (ms: number) => (now += ms) };
}

test('a lane of many delays another by one work', async () => {
  const { started, take, endOne } = watched();
  const works = ['a1', 'a2', 'a3', 'a4'].map((name) => take('a', name));
  works.push(take('b'), take('c'));
  while (started.length < 6) await endOne();
  expect(started).toEqual(['a1', 'a2', 'b', 'c', 'a3', 'a4']);
  await endOne();
  await Promise.all(works);
  void take('b', 'later');
  expect(started.at(-1)).toBe('later');
});

test('a lane that is full refuses its own alone, and all together have a limit', async () => {
  const { take } = watched();
  for (let i = 0; i < 17; i++) void take('a');
  await expect(take('a')).rejects.toMatchObject(tooMany);
  for (let i = 0; i < 16; i++) void take('b');
  await expect(take('c')).rejects.toMatchObject(tooMany);
});

test('who has waited for half a minute is refused', async () => {
  const { started, take, endOne, pass } = watched();
  void take('a');
  const late = take('a', 'late');
  pass(20_000);
  void take('a', 'in time');
  pass(15_000);
  await Promise.all([expect(late).rejects.toMatchObject(tooMany), endOne()]);
  expect(started).toEqual(['a', 'in time']);
});

test('a work that fails fails alone', async () => {
  const turns = new Turns();
  const works = [1, 2].map((n) =>
    turns.take('a', async () => (n === 1 ? Promise.reject(new Error('one')) : n)),
  );
  await expect(works[0]).rejects.toThrow('one');
  expect(await works[1]).toBe(2);
});
