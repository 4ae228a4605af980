import { describe, expect, test } from '@jest/globals';
import { formatSelector, labelSelectorFrom, labelSelectorOf } from './labels.ts';
import { parseLabelSelector } from './parseLabels.ts';

const labels = { app: 'web', tier: 'front', empty: '', n: '5' };

describe('label selectors', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app!=web', false],
    ['missing!=x', true],
    ['app in (api, web)', true],
    ['app notin (api,web)', false],
    ['missing notin (a)', true],
    ['app', true],
    ['!app', false],
    ['! missing', true],
    ['empty=', true],
    ['empty in ()', true],
    ['empty in (a,,b)', true],
    ['n>4,n<6', true],
    ['n>5', false],
    ['app>1', false],
    ['app in (in, notin)', false],
    ['toString', false],
  ])('%j matches: %s', (text, matches) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(matches);
  });

  test.each([
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a=b,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    [
      'n>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      '-a',
      "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ])('%j is BadRequest', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(
      expect.objectContaining({ reason: 'BadRequest', message }),
    );
  });

  test('a missing LabelSelector matches nothing, an empty one everything', () => {
    expect(labelSelectorFrom(undefined).matches(labels)).toBe(false);
    expect(labelSelectorFrom({}).matches(labels)).toBe(true);
    expect(labelSelectorOf({}).matches(labels)).toBe(false);
  });

  test('all of matchLabels and matchExpressions have to hold', () => {
    const selector = labelSelectorFrom({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'gone', operator: 'DoesNotExist' },
      ],
    });
    expect(selector.matches(labels)).toBe(true);
    expect(selector.matches({ ...labels, gone: '' })).toBe(false);
    expect(formatSelector(selector)).toBe('app=web,!gone,tier in (back,front)');
  });

  test.each(['a=b', 'a!=b', 'a in (b,c)', 'a notin (b)', 'a', '!a', 'a>1', 'a<1'])(
    '%j is written as it was read',
    (text) => {
      expect(formatSelector(parseLabelSelector(text))).toBe(text);
    },
  );
});
