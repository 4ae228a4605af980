import { describe, expect, test } from '@jest/globals';
import {
  annotationKeyProblems,
  configMapKeyProblems,
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  envVarNameProblems,
  labelValueProblems,
  maxAnnotationsBytes,
  type Problems,
  pathSegmentProblems,
  percentProblems,
  portNameProblems,
  portNumberProblems,
  qualifiedNameProblems,
  textsExceed,
} from './names.ts';

const key =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** Texts as a real 1.35 server answered them. */
const cases: { rule: Problems; value: string; problems: string[] }[] = [
  { rule: dns1123SubdomainProblems, value: 'a.b-c', problems: [] },
  {
    rule: dns1123SubdomainProblems,
    value: 'Bad_Name',
    problems: [
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  },
  {
    rule: dns1123SubdomainProblems,
    value: 'a'.repeat(254),
    problems: ['must be no more than 253 characters'],
  },
  {
    rule: dns1123LabelProblems,
    value: 'UP',
    problems: [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  },
  { rule: dns1123LabelProblems, value: 'a.b', problems: ['must not contain dots'] },
  {
    rule: dns1035LabelProblems,
    value: '1bad',
    problems: [
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  },
  { rule: qualifiedNameProblems, value: 'example.com/Name', problems: [] },
  { rule: qualifiedNameProblems, value: 'a b', problems: [key] },
  { rule: qualifiedNameProblems, value: '/a', problems: ['prefix part must be non-empty'] },
  { rule: qualifiedNameProblems, value: 'a/', problems: ['name part must be non-empty', key] },
  {
    rule: qualifiedNameProblems,
    value: 'a'.repeat(64),
    problems: ['name part must be no more than 63 bytes'],
  },
  { rule: annotationKeyProblems, value: 'Example.COM/A', problems: [] },
  {
    rule: labelValueProblems,
    value: 'x y',
    problems: [
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  },
  { rule: labelValueProblems, value: '', problems: [] },
  {
    rule: portNameProblems,
    value: 'This_is-too-long-name',
    problems: [
      'must be no more than 15 characters',
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  },
  {
    rule: portNameProblems,
    value: '-1--2',
    problems: [
      'must contain at least one letter (a-z)',
      'must not contain consecutive hyphens',
      'must not begin or end with a hyphen',
    ],
  },
  { rule: envVarNameProblems, value: 'a b:c', problems: [] },
  {
    rule: envVarNameProblems,
    value: 'a=b',
    problems: [
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    ],
  },
  {
    rule: configMapKeyProblems,
    value: 'a/b',
    problems: [
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  },
  { rule: configMapKeyProblems, value: '..', problems: ["must not be '..'"] },
  { rule: configMapKeyProblems, value: '..a', problems: ["must not start with '..'"] },
  { rule: pathSegmentProblems, value: 'a/b%', problems: ["may not contain '/'", "may not contain '%'"] },
  {
    rule: percentProblems,
    value: '30x',
    problems: [
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  },
];

describe('names', () => {
  test.each(cases)('$value: $problems', ({ rule, value, problems }) => {
    expect(rule(value)).toEqual(problems);
  });

  test('port numbers', () => {
    expect(portNumberProblems(65535)).toEqual([]);
    expect(portNumberProblems(70000)).toEqual(['must be between 1 and 65535, inclusive']);
  });

  test('annotations are counted in bytes, keys too', () => {
    expect(textsExceed({ a: 'x'.repeat(262143) }, maxAnnotationsBytes)).toBe(false);
    expect(textsExceed({ a: 'x'.repeat(262144) }, maxAnnotationsBytes)).toBe(true);
    expect(textsExceed({ a: 'é'.repeat(131072) }, maxAnnotationsBytes)).toBe(true);
  });
});
