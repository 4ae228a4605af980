import { createPrivateKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makeTokenKey } from '../../shared/auth/tokenKeys.ts';
import { inSigningOrder, isOld, ringOf, rotated, rotatedAfterMs, shownFirstMs, textOf } from './ring.ts';

const now = Date.UTC(2026, 0, 1);
const pem = makeTokenKey().trimEnd();

test('a ring is read as it was written', () => {
  const ring = [
    { pem: makeTokenKey().trimEnd(), madeAt: now },
    { pem, madeAt: now - rotatedAfterMs },
  ];
  expect(ringOf(textOf(ring))).toEqual(ring);
});

test('one key in PEM, as versions before kept it, is a ring; they read the newest of a ring', () => {
  expect(ringOf(`${pem}\n`)).toEqual([{ pem, madeAt: 0 }]);
  const text = textOf([
    { pem, madeAt: now },
    { pem: makeTokenKey(), madeAt: 0 },
  ]);
  expect(createPrivateKey(text).export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd()).toBe(pem);
});

test('what holds no key is said, not signed with', () => {
  expect(() => ringOf('nothing')).toThrow('holds none');
});

test('a key is old after eleven months, and one of unknown age', () => {
  expect(isOld([{ pem, madeAt: now }], now + rotatedAfterMs - 1)).toBe(false);
  expect(isOld([{ pem, madeAt: now }], now + rotatedAfterMs)).toBe(true);
  expect(isOld([{ pem, madeAt: 0 }], now)).toBe(true);
});

test('the oldest leaves a ring that is full', () => {
  const ring = ['c', 'b', 'a'].map((name) => ({ pem: name, madeAt: 0 }));
  expect(rotated(ring, 'd', now, 3).map((each) => each.pem)).toEqual(['d', 'c', 'b']);
});

test.each([
  ['the only one, at once', [['a', 0]], ['a']],
  [
    'the one of before, while the new one is but shown',
    [
      ['b', 0],
      ['a', 9 * shownFirstMs],
    ],
    ['a', 'b'],
  ],
  [
    'the new one, once it has been shown for long enough',
    [
      ['b', shownFirstMs],
      ['a', 9 * shownFirstMs],
    ],
    ['b', 'a'],
  ],
] as [string, [string, number][], string[]][])('signs: %s', (_which, ages, order) => {
  const ring = ages.map(([name, age]) => ({ pem: name, madeAt: now - age }));
  expect(inSigningOrder(ring, now)).toEqual(order);
});
