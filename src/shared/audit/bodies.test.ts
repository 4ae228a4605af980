import { expect, test } from '@jest/globals';
import { bodyOf, emptyBody, keep } from './bodies.ts';

const bodyWith = (...chunks: string[]) => {
  const body = emptyBody();
  for (const chunk of chunks) keep(body, Buffer.from(chunk));
  return body;
};

test.each([
  ['application/json', '{"a":1}', { a: 1 }],
  ['application/strategic-merge-patch+json', '{"a":1}', { a: 1 }],
  ['application/yaml; charset=utf-8', 'a: 1', { a: 1 }],
  ['application/apply-patch+yaml', '{"a":1}', { a: 1 }],
  [undefined, '{"a":1}', { a: 1 }],
  ['text/plain', '{"a":1}', undefined],
  ['application/json', '7', undefined],
  ['application/json', '{', undefined],
  ['application/yaml', `a: ${'b'.repeat(64 * 1024)}`, undefined],
])('a body of %s', (type, text, expected) => {
  expect(bodyOf(bodyWith(text), { type })).toEqual(expected);
});

test('nothing is kept of a body that is too long', () => {
  const body = bodyWith('{"a":"', ...Array.from({ length: 50 }, () => 'x'.repeat(100_000)), '"}');
  expect(body.chunks).toEqual([]);
  expect(bodyOf(body, {})).toBeUndefined();
});
