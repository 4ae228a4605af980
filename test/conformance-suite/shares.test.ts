import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Spec } from '../../tools/conformance-suite/results.ts';
import { longestFirst, takeShare } from '../../tools/conformance-suite/shares.ts';

const spec = (name: string, seconds?: number): Spec => ({ name, seconds });

test('one process takes a long spec by itself, another many short ones', () => {
  const left = longestFirst([spec('b', 5), spec('a', 300), spec('c', 5), spec('d')]);
  expect(takeShare(left, 2).map(({ name }) => name)).toEqual(['a']);
  expect(left.map(({ name }) => name)).toEqual(['d', 'b', 'c']);
  expect(takeShare(left, 1).map(({ name }) => name)).toEqual(['d']);
});

test('each spec is taken once, in shares that a process can run', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 6 }),
      (seconds, processes) => {
        const left = longestFirst(seconds.map((some, index) => spec(`${index}`, some)));
        const taken: string[] = [];
        while (left.length) {
          const share = takeShare(left, processes);
          expect(share.length).toBeGreaterThan(0);
          expect(share.length).toBeLessThanOrEqual(30);
          taken.push(...share.map(({ name }) => name));
        }
        expect(new Set(taken).size).toBe(seconds.length);
        expect(taken.length).toBe(seconds.length);
      },
    ),
  );
});
