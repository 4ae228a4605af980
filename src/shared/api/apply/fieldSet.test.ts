import { expect, test } from '@jest/globals';
import { difference, type FieldSet, fromFieldsV1, toFieldsV1, unionOf } from './fieldSet.ts';

/** Counts how often an entry is put into any map meanwhile. */
function entriesPut(work: () => void): number {
  const { set } = Map.prototype;
  let count = 0;
  Map.prototype.set = function counted(this: Map<unknown, unknown>, key: unknown, value: unknown) {
    count++;
    return set.call(this, key, value);
  };
  try {
    work();
  } finally {
    Map.prototype.set = set;
  }
  return count;
}

const owned = (i: number): FieldSet => fromFieldsV1({ 'f:data': { [`f:k${i}`]: {} } });

test('the union of thousands of sets looks at each of their places once', () => {
  const sets = Array.from({ length: 2000 }, (_, i) => owned(i));
  let all: FieldSet | undefined;
  expect(
    entriesPut(() => {
      all = unionOf(sets);
    }),
  ).toBeLessThan(3 * sets.length);
  expect(Object.keys(toFieldsV1(all!)['f:data']!)).toHaveLength(2000);
});

test('what a small set has besides a large one is looked up, the large one is not gone through', () => {
  const large = unionOf(Array.from({ length: 100 }, (_, i) => owned(i)));
  const looked: string[] = [];
  const data = large.children.get('f:data')!;
  const watched: FieldSet = {
    member: false,
    children: new Map([
      [
        'f:data',
        {
          member: false,
          children: new Proxy(data.children, {
            get: (map, name) => {
              looked.push(String(name));
              const value = Reflect.get(map, name);
              return typeof value === 'function' ? value.bind(map) : value;
            },
          }),
        },
      ],
    ]),
  };
  expect(toFieldsV1(difference(owned(200), watched))).toEqual({ 'f:data': { 'f:k200': {} } });
  expect(new Set(looked)).toEqual(new Set(['size', 'get']));
});
