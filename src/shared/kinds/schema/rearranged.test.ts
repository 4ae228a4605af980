import { expect, test } from '@jest/globals';
import { typeOf } from './facts.ts';
import { rearranged } from './rearranged.ts';
import { decodeObject } from './structural.ts';

const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'a', namespace: 'n', labels: { a: '1', b: '2' }, creationTimestamp: null },
  spec: {
    containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '10m', memory: '1Gi' } } }],
    nodeSelector: { zone: 'a' },
  },
  status: { phase: 'Pending' },
};
const decoded = decodeObject(pod, 'Pod');
const again = (value: object) => rearranged(value as Record<string, unknown>, typeOf('Pod'));

test('an object that is in order is given back as it is', () => {
  expect(again(decoded)).toBe(decoded);
});

const { spec, metadata } = decoded as unknown as typeof pod;
const container = spec.containers[0]!;

test.each<[string, object]>([
  ['fields out of order', { ...decoded, spec: { nodeName: 'x', ...spec, priority: 0, hostname: 'h' } }],
  ['a status before the rest', { status: { qosClass: 'Burstable', phase: 'Pending' }, ...decoded }],
  ['keys of a map out of order', { ...decoded, metadata: { ...metadata, labels: { z: '1', a: '2' } } }],
  ['empty values', { ...decoded, spec: { ...spec, tolerations: [], nodeSelector: {}, hostname: '' } }],
  ['undefined and null', { ...decoded, spec: { ...spec, hostname: undefined, volumes: null } }],
  ['unknown fields', { ...decoded, spec: { ...spec, colour: 'red' } }],
  [
    'a field that is always written',
    { ...decoded, spec: { ...spec, volumes: [{ emptyDir: {}, name: 'v' }] } },
  ],
  [
    'a part of a list',
    { ...decoded, spec: { ...spec, containers: [container, { image: 'j', name: 'd', env: [] }] } },
  ],
  ['whole parts that are absent', { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' } }],
])('%s: what comes of it is what decoding gives, and nothing of it is changed', (_what, object) => {
  const before = JSON.stringify(object);
  const found = again(object);
  expect(JSON.stringify(found)).toBe(JSON.stringify(decodeObject(object, 'Pod')));
  expect(JSON.stringify(object)).toBe(before);
});

test('what is in order is shared', () => {
  const found = again({ ...decoded, spec: { ...spec, hostname: 'h' } }) as unknown as typeof pod;
  expect(found.metadata).toBe(metadata);
  expect(found.spec.containers).toBe(spec.containers);
});
