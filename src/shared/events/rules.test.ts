import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { Plane } from './problems.ts';
import { parseRules } from './rules.ts';

const url = 'https://example.org/hook';
const secretArn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:key-AbCdEf';
const webhook = { url, signingKeyFile: 'key', apiKey: { header: 'x-api-key', secretArn } };
const rule = { name: 'one', pattern: { source: ['shallop.k8s'] }, targets: [{ name: 'hook', webhook }] };
const file = (...rules: unknown[]) => ({ apiVersion: 'events.shallop.dev/v1', kind: 'EventRules', rules });
const read = (value: unknown, plane: Plane = 'local') => parseRules(stringify(value), 'rules.yaml', plane);
const withTarget = (target: object) => file({ ...rule, targets: [{ name: 'hook', ...target }] });

test.each<Plane>(['local', 'aws'])('one file serves on both planes: %s', (plane) => {
  expect(read(file(rule), plane)).toMatchObject([
    { name: 'one', targets: [{ name: 'hook', webhook }], maximumEventAgeInSeconds: 86_400 },
  ]);
});

test('a target by ARN, on AWS', () => {
  const arn = 'arn:aws:lambda:us-east-1:111111111111:function:f';
  expect(read(withTarget({ arn }), 'aws')[0]!.targets).toEqual([{ name: 'hook', aws: { arn } }]);
});

describe('a file is refused that names', () => {
  test.each<[string, unknown, string]>([
    ['nothing', null, 'it is no EventRules of events.shallop.dev/v1'],
    ['another kind', { ...file(rule), kind: 'Rules' }, 'it is no EventRules of events.shallop.dev/v1'],
    ['another version', { ...file(rule), apiVersion: 'v2' }, 'it is no EventRules of events.shallop.dev/v1'],
    ['no rules', file(), 'rules: Invalid value: a list of 1 to 100 rules is wanted'],
    ['a text as a rule', file('x'), 'rules[0]: Invalid value: a rule is an object'],
    [
      'a field that is not known',
      { ...file(rule), rule },
      'rule: Unsupported value: supported values: apiVersion, kind, rules',
    ],
    [
      'a misspelt field',
      file({ ...rule, patern: {} }),
      'rules[0].patern: Unsupported value: supported values: name, pattern, targets, retry',
    ],
    [
      'no name',
      file({ ...rule, name: undefined }),
      'rules[0].name: Invalid value: undefined: up to 40 of a-z, 0-9 and - are wanted',
    ],
    ['a name twice', file(rule, rule), 'rules[1].name: Duplicate value: "one"'],
    [
      'a target twice',
      file({ ...rule, targets: [rule.targets[0], rule.targets[0]] }),
      'rules[0].targets[1].name: Duplicate value: "hook"',
    ],
    [
      'no target',
      file({ ...rule, targets: [] }),
      'rules[0].targets: Invalid value: a list of 1 to 5 targets is wanted',
    ],
    [
      'a pattern that is wrong',
      file({ ...rule, pattern: { source: [{ cidr: 'x' }] } }),
      'rules[0].pattern.source[0]: Unsupported value: "cidr": supported values: prefix, anything-but, exists, numeric (EventBridge has it; rules that serve on both planes do not)',
    ],
    [
      'a time that is too long',
      file({ ...rule, retry: { maximumEventAgeInSeconds: 86_401 } }),
      'rules[0].retry.maximumEventAgeInSeconds: Invalid value: 86401: must be between 60 and 86400, inclusive',
    ],
    [
      'a target without an address',
      withTarget({}),
      'rules[0].targets[0]: Invalid value: one of webhook and arn is wanted',
    ],
    [
      'a target with two',
      withTarget({ webhook, arn: secretArn }),
      'rules[0].targets[0]: Invalid value: one of webhook and arn is wanted',
    ],
    [
      'a target by ARN, on a machine',
      withTarget({ arn: secretArn }),
      'rules[0].targets[0].arn: Forbidden: only EventBridge has targets by ARN',
    ],
    [
      'no key to sign by',
      withTarget({ webhook: { url } }),
      'rules[0].targets[0].webhook.signingKeyFile: Required value: receivers know by it who speaks',
    ],
    [
      'no URL',
      withTarget({ webhook: { ...webhook, url: 'ftp://x' } }),
      'rules[0].targets[0].webhook.url: Invalid value: "ftp://x": a URL of http or https is wanted',
    ],
    [
      'a password',
      withTarget({ webhook: { ...webhook, url: 'https://u:p@x' } }),
      'rules[0].targets[0].webhook.url: Forbidden: it holds a user or a password',
    ],
  ])('%s', (_what, value, why) => {
    expect(() => read(value)).toThrow(new Error(`rules.yaml: ${why}`));
  });

  test.each<[string, object, string]>([
    [
      'http',
      { webhook: { ...webhook, url: 'http://x' } },
      'webhook.url: Invalid value: "http://x": EventBridge speaks https only',
    ],
    [
      'no key to show',
      { webhook: { url, signingKeyFile: 'key' } },
      'webhook.apiKey: Required value: EventBridge signs nothing, it shows a key',
    ],
    [
      'a header that is none',
      { webhook: { url, apiKey: { header: 'a b', secretArn } } },
      'webhook.apiKey.header: Invalid value: "a b": the name of a header is wanted',
    ],
    [
      'a secret in place of its ARN',
      { webhook: { url, apiKey: { header: 'a', secretArn: 'hunter2' } } },
      'webhook.apiKey.secretArn: Invalid value: "hunter2": an ARN is wanted',
    ],
    ['no ARN', { arn: 'x' }, 'arn: Invalid value: "x": an ARN is wanted'],
  ])('for AWS %s', (_what, target, why) => {
    expect(() => read(withTarget(target), 'aws')).toThrow(
      new Error(`rules.yaml: rules[0].targets[0].${why}`),
    );
  });

  test('every mistake at once', () => {
    const wrong = file({ ...rule, name: 'A', retry: { maximumEventAgeInSeconds: 1 } });
    expect(() => read(wrong)).toThrow(/rules\[0\]\.name: .*, rules\[0\]\.retry/);
  });

  test('no YAML', () => expect(() => parseRules('a: [', 'rules.yaml', 'local')).toThrow(/^rules\.yaml: /));
});
