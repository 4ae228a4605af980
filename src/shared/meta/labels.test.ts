import { expect, test } from '@jest/globals';
import { formatSelector, labelSelectorFrom, parseLabelSelector } from './labels.ts';

test.each([
  ['', { a: '1' }, true],
  ['a=1', { a: '1' }, true],
  ['a==1,b!=2', { a: '1' }, true],
  ['a!=1', { a: '1' }, false],
  ['a in (1,2),!b', { a: '2' }, true],
  ['a in (1,2),!b', { a: '2', b: '' }, false],
  ['a notin (1,2)', {}, true],
  ['a', { a: '' }, true],
  ['a=', { a: '' }, true],
  ['a>3', { a: '4' }, true],
  ['a<3', { a: '4' }, false],
  ['app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }, true],
])('%j on %j is %s', (text, labels, expected) => {
  expect(parseLabelSelector(text).matches(labels)).toBe(expected);
  expect(parseLabelSelector(formatSelector(parseLabelSelector(text))).matches(labels)).toBe(expected);
});

test.each(['a in', 'a,,b', '=1', 'a=1,', 'a>x', 'a=b=c', '-a=1', 'a=b c'])('%j is BadRequest', (text) =>
  expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ reason: 'BadRequest' })),
);

test('a missing LabelSelector matches nothing, an empty one everything', () => {
  expect(labelSelectorFrom(undefined).matches({ a: '1' })).toBe(false);
  expect(labelSelectorFrom({}).matches(undefined)).toBe(true);
});
