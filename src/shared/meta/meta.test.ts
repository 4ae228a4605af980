import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeFieldValue, parseFieldSelector } from './fields.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems, qualifiedNameProblems } from './names.ts';
import { compareQuantities, parseQuantity } from './quantity.ts';

describe('field selectors', () => {
  test('any value survives escaping', () =>
    fc.assert(
      fc.property(fc.string(), (value) => {
        const selector = parseFieldSelector(`a.b=${escapeFieldValue(value)},c!=x`);
        expect(selector.exactly('a.b')).toBe(value);
        expect(selector.matches((field) => (field === 'a.b' ? value : ''))).toBe(true);
      }),
    ));
  test.each(['a', 'a=b=c', 'a=\\x'])('%j is BadRequest', (text) =>
    expect(() => parseFieldSelector(text)).toThrow(expect.objectContaining({ reason: 'BadRequest' })),
  );
});

describe('names', () => {
  test.each(['a', 'my-name', 'a.b-c.d', '1a'])('%s is a subdomain', (name) =>
    expect(dns1123SubdomainProblems(name)).toEqual([]),
  );
  test.each(['', 'A', '-a', 'a-', 'a..b', 'a_b', `${'a'.repeat(254)}`])('%s is none', (name) =>
    expect(dns1123SubdomainProblems(name)).not.toEqual([]),
  );
  test('the hint is that of Kubernetes', () =>
    expect(dns1123LabelProblems('Bad_Name')).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]));
  test('qualified names know prefixes', () => {
    expect(qualifiedNameProblems('example.com/Name')).toEqual([]);
    expect(qualifiedNameProblems('/x')).toEqual(['prefix part must be non-empty']);
    expect(qualifiedNameProblems('a/b/c')).toHaveLength(1);
  });
});

describe('quantities', () => {
  test.each([
    ['250m', 250_000_000n],
    ['1Ki', 1024n * 10n ** 9n],
    ['1.5', 1_500_000_000n],
    ['2e3', 2000n * 10n ** 9n],
    ['-1', -(10n ** 9n)],
  ])('%s', (text, nanos) => expect(parseQuantity(text)).toBe(nanos));
  test.each(['', 'x', '1KiB', '1.2.3', '.'])('%j is none', (text) =>
    expect(parseQuantity(text)).toBeUndefined(),
  );
  test('1Gi is more than 1G', () => expect(compareQuantities('1Gi', '1G')).toBe(1));
});
