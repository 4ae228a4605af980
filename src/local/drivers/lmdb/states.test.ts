import { expect, test } from '@jest/globals';
import { type SpaceState, States } from './states.ts';

function counted() {
  const disk = new Map<string, SpaceState>();
  const reads: string[] = [];
  const states = new States();
  const headOf = (space: string) =>
    states.of(space, (asked) => {
      reads.push(asked);
      return disk.get(asked) ?? { head: 1, floor: 1 };
    }).head;
  return { disk, reads, states, headOf };
}

test('a space that nobody moves is read once', () => {
  const { reads, headOf } = counted();
  expect([headOf('a'), headOf('a'), headOf('b'), headOf('a')]).toEqual([1, 1, 1, 1]);
  expect(reads).toEqual(['a', 'b']);
});

test('what a transaction moves is read until it is over, and again after it', () => {
  const { disk, reads, states, headOf } = counted();
  headOf('a');
  headOf('b');
  states.begin(new Map([['a', undefined]]));
  expect(headOf('a')).toBe(1);
  // On disk, before its writer has heard of it.
  disk.set('a', { head: 2, floor: 1 });
  expect([headOf('a'), headOf('b')]).toEqual([2, 1]);
  states.end();
  disk.set('a', { head: 3, floor: 1 });
  expect([headOf('a'), headOf('a')]).toEqual([3, 3]);
  expect(reads).toEqual(['a', 'b', 'a', 'a', 'a']);
});

test('a transaction that may move any space has all of them read', () => {
  const { disk, states, headOf } = counted();
  headOf('a');
  states.begin('any');
  disk.set('a', { head: 7, floor: 1 });
  expect(headOf('a')).toBe(7);
  disk.delete('a');
  states.end();
  expect(headOf('a')).toBe(1);
});
