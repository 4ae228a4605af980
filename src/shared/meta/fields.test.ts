import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeFieldValue, parseFieldSelector } from './fields.ts';

describe('field selectors', () => {
  test('every term has to hold', () => {
    const selector = parseFieldSelector('spec.nodeName=a,status.phase!=Failed,status.phase!=Succeeded');
    const values = (phase: string) => (field: string) => (field === 'spec.nodeName' ? 'a' : phase);
    expect(selector.matches(values('Running'))).toBe(true);
    expect(selector.matches(values('Failed'))).toBe(false);
    expect(selector.exactly('spec.nodeName')).toBe('a');
    expect(selector.exactly('status.phase')).toBeUndefined();
  });

  test.each([
    ['abc', "invalid selector: 'abc'; can't understand 'abc'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%j is BadRequest', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(
      expect.objectContaining({ reason: 'BadRequest', message }),
    );
  });

  test('an escaped value is read as it was', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { terms } = parseFieldSelector(`x=${escapeFieldValue(a)},y!=${escapeFieldValue(b)}`);
        expect(terms).toEqual([
          { field: 'x', value: a, not: false },
          { field: 'y', value: b, not: true },
        ]);
      }),
    );
  });
});
