import { expect, test } from '@jest/globals';
import { humanDuration, since } from './duration.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

test.each([
  { ms: -5 * second, text: '<invalid>' },
  { ms: -1.5 * second, text: '0s' },
  { ms: 999, text: '0s' },
  { ms: 119 * second, text: '119s' },
  { ms: 120 * second, text: '2m' },
  { ms: 200 * second, text: '3m20s' },
  { ms: 10 * minute + 30 * second, text: '10m' },
  { ms: 179 * minute, text: '179m' },
  { ms: 3 * hour, text: '3h' },
  { ms: 7 * hour + 59 * minute, text: '7h59m' },
  { ms: 47 * hour, text: '47h' },
  { ms: 2 * day, text: '2d' },
  { ms: 5 * day + 3 * hour, text: '5d3h' },
  { ms: 8 * day + 3 * hour, text: '8d' },
  { ms: 2 * year - day, text: '729d' },
  { ms: 2 * year + 3 * day, text: '2y3d' },
  { ms: 9 * year + 3 * day, text: '9y' },
])('$ms ms are $text', ({ ms, text }) => expect(humanDuration(ms)).toBe(text));

test('a time that is not known has no age', () => {
  expect(since(undefined, 0)).toBe('<unknown>');
  expect(since(null, 0)).toBe('<unknown>');
});
