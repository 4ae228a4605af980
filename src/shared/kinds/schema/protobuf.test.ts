import { describe, expect, test } from '@jest/globals';
import { DecodeError } from './decode-error.ts';
import { decodeMessage, decodeProtobuf, isProtobuf, openEnvelope, typeNameOfKind } from './protobuf.ts';
import { encodeProtobuf } from './protobuf-encode.ts';
import { decodeObject } from './structural.ts';
import bodies from './testdata/protobuf-bodies.json' with { type: 'json' };

interface Typed {
  apiVersion: string;
  kind: string;
}

describe('recorded bodies', () => {
  test.each(Object.entries(bodies))('%s is written again as it was read', (_, base64) => {
    const body = Buffer.from(base64, 'base64');
    const object = decodeProtobuf<Typed>(body);
    const typeName = typeNameOfKind(object.apiVersion, object.kind);
    expect(encodeProtobuf(object, typeName).toString('base64')).toBe(base64);
    expect(JSON.stringify(decodeObject(object, typeName))).toBe(JSON.stringify(object));
  });

  test('kubectl create deployment', () => {
    const object = decodeProtobuf(Buffer.from(bodies['create-deployment 1'], 'base64'));
    expect(object).toEqual({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx', resources: {} }] },
        },
        strategy: {},
      },
      status: {},
    });
  });
});

test('DeleteOptions may come under any group', () => {
  expect(typeNameOfKind('apps/v1', 'DeleteOptions')).toBe('DeleteOptions');
});

test.each([
  ['no protobuf', Buffer.from('{}')],
  ['nothing', Buffer.alloc(0)],
  ['an unknown kind', encodeProtobuf({ apiVersion: 'v9', kind: 'Pod' }, 'Pod')],
  ['no kind', encodeProtobuf({}, 'Pod')],
  ['a struct that is no kind', encodeProtobuf({ apiVersion: 'v1', kind: 'PodSpec' }, 'Pod')],
])('%s is a DecodeError', (_, body) => {
  expect(() => decodeProtobuf(body)).toThrow(DecodeError);
});

test('the kind may come from the request', () => {
  const body = encodeProtobuf({}, 'ConfigMap');
  expect(decodeProtobuf(body, { apiVersion: 'v1', kind: 'ConfigMap' })).toMatchObject({ kind: 'ConfigMap' });
});

describe('single messages', () => {
  test.each([
    [
      'packed int32',
      'PodFailurePolicyOnExitCodesRequirement',
      '1a03010203',
      { operator: '', values: [1, 2, 3] },
    ],
    [
      'unpacked int32',
      'PodFailurePolicyOnExitCodesRequirement',
      '180118021803',
      { operator: '', values: [1, 2, 3] },
    ],
    ['negative numbers', 'ReplicaSetSpec', '08ffffffffffffffffff01', { replicas: -1 }],
    [
      'a message in two parts',
      'ReplicaSetSpec',
      '1a050a030a01611a050a03120162',
      { template: { metadata: { name: 'a', generateName: 'b' } } },
    ],
    ['a group is skipped', 'ReplicaSetSpec', 'fb0708011b1cfc070802', { replicas: 2 }],
    ['the last value counts', 'ReplicaSetSpec', '08010802', { replicas: 2 }],
  ])('%s', (_, typeName, hex, expected) => {
    expect(decodeMessage(Buffer.from(hex, 'hex'), typeName)).toMatchObject(expected);
  });

  test.each([
    ['ends early', '0a05'],
    ['varint without end', '08ffffffffffffffffffffff01'],
    ['wrong wire type', '0a0108'],
    ['field number 0', '0001'],
    ['group without start', '0c'],
    ['group without end', 'fb07'],
    ['wire type 7', 'ff07'],
  ])('%s is a DecodeError', (_, hex) => {
    expect(() => decodeMessage(Buffer.from(hex, 'hex'), 'ReplicaSetSpec')).toThrow(DecodeError);
  });

  test('nesting without end is refused, schemas and bodies in bodies alike', () => {
    let schema: object = {};
    for (let i = 0; i < 2000; i++) schema = { not: schema };
    let list = encodeProtobuf({ apiVersion: 'v1', kind: 'List' }, 'CoreV1List');
    for (let i = 0; i < 2000; i++) list = wrapInList(list);
    expect(() => decodeProtobuf(list)).toThrow('exceeded max depth');
    expect(openEnvelope(list).kind).toBe('List');
    expect(isProtobuf(list)).toBe(true);
  });

  /** A List whose one item is a raw body. */
  function wrapInList(item: Buffer): Buffer {
    const raw = delimit(1, item);
    const envelope = Buffer.concat([
      delimit(1, Buffer.from('0a0276311204 4c697374'.replace(' ', ''), 'hex')),
      delimit(2, delimit(2, raw)),
    ]);
    return Buffer.concat([Buffer.from('k8s\0'), envelope]);
  }

  function delimit(number: number, chunk: Buffer): Buffer {
    const length = [];
    let rest = chunk.length;
    for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128);
    return Buffer.concat([Buffer.from([number * 8 + 2, ...length, rest]), chunk]);
  }
});
