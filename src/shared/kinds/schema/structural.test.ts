import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cannotBeHandled, strictDecodingError } from './decode-error.ts';
import { problemsInOrder } from './duplicates.ts';
import { typeNameOf } from './facts.ts';
import { decodeObject } from './structural.ts';

const testdata = join(import.meta.dirname, 'testdata');
const read = (file: string) => JSON.parse(readFileSync(join(testdata, file), 'utf8'));

interface Typed {
  apiVersion: string;
  kind: string;
}

function typeNameOfObject({ apiVersion, kind }: Typed): string {
  const [version, group = ''] = apiVersion.split('/').reverse();
  return typeNameOf(group, version!, kind)!;
}

describe('recorded refusals', () => {
  const cases = readdirSync(join(testdata, 'invalid')).filter((f) => f.endsWith('.in.json'));
  test.each(cases)('%s is refused with the words of a real server', (file) => {
    const { body } = read(`invalid/${file}`);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const object = JSON.parse(text) as Typed;
    expect(cannotBeHandled(object.kind, 'v1', refusal(text, object))).toBe(
      read(`invalid/${file.replace('.in.', '.out.')}`).body.message,
    );
  });

  function refusal(text: string, object: Typed): string {
    const problems: string[] = [];
    try {
      decodeObject(object, typeNameOfObject(object), problems);
    } catch (error) {
      return (error as Error).message;
    }
    return strictDecodingError(problemsInOrder(text, object, problems));
  }
});

describe('recorded answers', () => {
  const cases = readdirSync(join(testdata, 'defaults')).filter((f) => f.endsWith('.out.json'));
  test.each(cases)('%s decodes to the same bytes, in whatever order it comes', (file) => {
    const object = read(`defaults/${file}`);
    const decoded = decodeObject(shuffled(object), typeNameOfObject(object));
    expect(JSON.stringify(decoded)).toBe(JSON.stringify(object));
  });

  function shuffled(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [
      key,
      key === 'fieldsV1' ? inner : shuffled(inner),
    ]);
    return Object.fromEntries(entries.reverse());
  }
});

const container = { name: 'c', resources: {} };

test.each([
  {
    why: 'empty optional values are left out',
    type: 'PodSpec',
    value: {
      containers: [{ name: 'c', args: [], image: '', stdin: false }],
      nodeSelector: {},
      hostNetwork: false,
    },
    decoded: { containers: [container] },
  },
  {
    why: 'empty values behind pointers stay',
    type: 'PodSpec',
    value: {
      containers: [],
      terminationGracePeriodSeconds: 0,
      securityContext: {},
      enableServiceLinks: false,
    },
    decoded: {
      containers: [],
      terminationGracePeriodSeconds: 0,
      securityContext: {},
      enableServiceLinks: false,
    },
  },
  {
    why: 'nulls are absent',
    type: 'Pod',
    value: { metadata: null, spec: null },
    decoded: { metadata: {}, spec: { containers: [] }, status: {} },
  },
  {
    why: 'a null element is the zero value',
    type: 'PodSpec',
    value: { containers: [null] },
    decoded: { containers: [{ name: '', resources: {} }] },
  },
  {
    why: 'a null map value is the zero value',
    type: 'ConfigMap',
    value: { data: { a: null } },
    decoded: { metadata: {}, data: { a: '' } },
  },
  {
    why: 'fields are case-sensitive',
    type: 'ConfigMap',
    value: { Data: { a: 'b' } },
    decoded: { metadata: {} },
  },
  {
    why: 'a number is a quantity',
    type: 'ResourceRequirements',
    value: { limits: { cpu: 1.5, memory: '1024Mi' } },
    decoded: { limits: { cpu: '1500m', memory: '1Gi' } },
  },
  {
    why: 'times are UTC in seconds',
    type: 'ObjectMeta',
    value: { creationTimestamp: '2026-01-02T03:04:05.678+01:00' },
    decoded: { creationTimestamp: '2026-01-02T02:04:05Z' },
  },
  {
    why: '__proto__ is a key like any other',
    type: 'ConfigMap',
    value: JSON.parse('{"data":{"__proto__":"x"}}'),
    decoded: JSON.parse('{"metadata":{},"data":{"__proto__":"x"}}'),
  },
  {
    why: 'inlined structs',
    type: 'Volume',
    value: { name: 'v', emptyDir: {} },
    decoded: { name: 'v', emptyDir: {} },
  },
  { why: 'named lists', type: 'UserInfo', value: { extra: { a: ['b'] } }, decoded: { extra: { a: ['b'] } } },
])('$why', ({ type, value, decoded }) => {
  expect(JSON.stringify(decodeObject(value, type))).toBe(JSON.stringify(decoded));
});

test.each([
  ['array', 'Pod', [], 'json: cannot unmarshal array into Go value of type v1.Pod'],
  [
    'fraction',
    'PodSpec',
    { priority: 1.5 },
    'json: cannot unmarshal number 1.5 into Go struct field PodSpec.priority of type int32',
  ],
  [
    'too large',
    'PodSpec',
    { priority: 2 ** 31 },
    'json: cannot unmarshal number 2147483648 into Go struct field PodSpec.priority of type int32',
  ],
  [
    'enum',
    'PodSpec',
    { restartPolicy: 1 },
    'json: cannot unmarshal number into Go struct field PodSpec.restartPolicy of type v1.RestartPolicy',
  ],
  [
    'named string',
    'ObjectMeta',
    { uid: 1 },
    'json: cannot unmarshal number into Go struct field ObjectMeta.uid of type types.UID',
  ],
  [
    'map',
    'ObjectMeta',
    { labels: 'x' },
    'json: cannot unmarshal string into Go struct field ObjectMeta.labels of type map[string]string',
  ],
  [
    'int or string',
    'ServicePort',
    { targetPort: true },
    'json: cannot unmarshal bool into Go struct field ServicePort.targetPort of type int32',
  ],
  [
    'time',
    'ObjectMeta',
    { creationTimestamp: 'now' },
    'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
  ],
  ['base64 cut short', 'Secret', { data: { a: 'YWJj\nYQ' } }, 'illegal base64 data at input byte 5'],
])('%s is refused', (_, type, value, message) => {
  expect(() => decodeObject(value, type)).toThrow(message);
});

test('nesting without end is refused', () => {
  const deep = JSON.parse(`${'{"not":'.repeat(2000)}{}${'}'.repeat(2000)}`);
  expect(() => decodeObject(deep, 'JSONSchemaProps')).toThrow('exceeded max depth');
  expect(() => decodeObject({ data: deep }, 'ControllerRevision')).toThrow('exceeded max depth');
});
