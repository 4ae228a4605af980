import { expect, test } from '@jest/globals';
import { typeOf } from '../../kinds/schema/facts.ts';
import { shapeOfType } from '../../kinds/schema/goShape.ts';
import { deduced } from '../../kinds/schema/shape.ts';
import { merge } from './merge.ts';

const shape = shapeOfType(typeOf('PodSpec'));
const list = (names: string) => ({ containers: [...names].map((name) => ({ name })) });
const merged = (live: string, config: string) =>
  (merge(list(live), list(config), shape) as ReturnType<typeof list>).containers
    .map(({ name }) => name)
    .join('');

test.each([
  { live: 'abc', config: 'b', is: 'abc', why: 'what is there keeps its place' },
  { live: 'abc', config: 'cb', is: 'acb', why: 'the order of the configuration counts among its own' },
  { live: 'ab', config: 'bx', is: 'abx', why: 'new ones follow those before them' },
  { live: 'ab', config: 'xa', is: 'xab', why: 'and stand before those after them' },
  { live: '', config: 'ab', is: 'ab', why: 'all are new' },
  { live: 'ab', config: '', is: 'ab', why: 'nothing is said of any' },
  {
    live: 'aabx',
    config: 'a',
    is: 'abx',
    why: 'what is there twice is merged once, and nothing after it is lost',
  },
])('$live and $config is $is: $why', ({ live, config, is }) => {
  expect(merged(live, config)).toBe(is);
});

test('no item is moved for another: of 20,000 that would be 200 million moves', () => {
  const names = 'abcdefghij';
  const { shift } = Array.prototype;
  let shifts = 0;
  Array.prototype.shift = function count(this: unknown[]) {
    shifts++;
    return shift.call(this);
  };
  try {
    expect(merged(names, names)).toBe(names);
  } finally {
    Array.prototype.shift = shift;
  }
  expect(shifts).toBe(0);
});

test('granular parts are merged, atomic ones replaced', () => {
  const live = {
    nodeSelector: { a: '1', b: '2' },
    tolerations: [{ key: 'x' }],
    containers: [{ name: 'c', image: 'i', command: ['a'] }],
  };
  const config = {
    nodeSelector: { b: '3' },
    tolerations: [{ key: 'y' }],
    containers: [{ name: 'c', command: ['b'] }],
  };
  // A node selector is atomic.
  expect(merge(live, config, shape)).toEqual({
    nodeSelector: { b: '3' },
    tolerations: [{ key: 'y' }],
    containers: [{ name: 'c', image: 'i', command: ['b'] }],
  });
});

test.each([
  { live: { a: 1 }, is: { a: 1 }, why: 'names no entry' },
  { live: {}, is: null, why: 'stands for what is empty' },
  { live: [1], is: null, why: 'replaces a list, which is owned whole' },
  { live: 1, is: null, why: 'replaces a number' },
])('null for $live that no schema describes $why', ({ live, is }) => {
  expect(merge({ x: live }, { x: null }, deduced)).toEqual({ x: is });
});
