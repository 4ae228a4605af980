import { expect, test } from '@jest/globals';
import { nextLookMs } from './nextLook.ts';

test.each([
  { waited: -5, next: 1, why: 'the clock was set back' },
  { waited: 0, next: 1, why: 'it may be there in a moment' },
  { waited: 99, next: 1, why: 'it still may' },
  { waited: 500, next: 10, why: 'it takes its time' },
  { waited: 60_000, next: 20, why: 'it is noticed soon, however long it takes' },
])('after $waited ms the next look comes in $next ms: $why', ({ waited, next }) =>
  expect(nextLookMs(waited)).toBe(next),
);
