import { expect, test } from '@jest/globals';
import { Turns } from './turns.ts';

const tooMany = { reason: 'TooManyRequests' };

/** Returns turns whose works end when they are told to. */
function watched() {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  let now = 0;
  const turns = new Turns(() => now);
  const take = (lane: string, name = lane, cluster = 'main') =>
    turns.take({ cluster, lane }, () => {
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

test('a cluster of which too many wait refuses its own alone', async () => {
  const { take } = watched();
  for (let i = 0; i < 201; i++) void take(`lane ${i % 3}`);
  await expect(take('another lane')).rejects.toMatchObject(tooMany);
  void take('a', 'other', 'other');
});

test('fewer wait that are of whatever cluster: each may be large', async () => {
  const turns = new Turns();
  const wait = () => turns.take({}, () => new Promise<void>(() => {}));
  for (let i = 0; i < 17; i++) void wait();
  await expect(wait()).rejects.toMatchObject(tooMany);
});

test('a cluster of many lanes delays another by one work', async () => {
  const { started, take, endOne } = watched();
  for (let i = 0; i < 30; i++) take(`lane ${i}`, `many ${i}`).catch(() => {});
  for (const name of ['b1', 'b2']) void take('a', name, 'other');
  while (started.length < 5) await endOne();
  expect(started).toEqual(['many 0', 'many 1', 'b1', 'many 2', 'b2']);
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
    turns.take({}, async () => (n === 1 ? Promise.reject(new Error('one')) : n)),
  );
  await expect(works[0]).rejects.toThrow('one');
  expect(await works[1]).toBe(2);
});
