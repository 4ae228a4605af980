import { expect, test } from '@jest/globals';
import { enumValues, fieldFact, fieldsOf, findType, mergeKeyOf, typeNameOf, typeOf } from './facts.ts';

test.each([
  ['', 'v1', 'Pod', 'Pod'],
  ['', 'v1', 'Event', 'Event'],
  ['events.k8s.io', 'v1', 'Event', 'EventsV1Event'],
  ['autoscaling', 'v2', 'HorizontalPodAutoscaler', 'HorizontalPodAutoscaler'],
  ['autoscaling', 'v1', 'HorizontalPodAutoscaler', 'AutoscalingV1HorizontalPodAutoscaler'],
  ['apps', 'v9', 'Deployment', undefined],
  ['apps', 'v1', 'Pod', undefined],
  ['', 'v1', 'toString', undefined],
  ['', 'v1', 'List', 'CoreV1List'],
  ['', 'v1', 'CoreV1List', undefined],
])('%s/%s %s is the type %s', (group, version, kind, name) => {
  expect(typeNameOf(group, version, kind)).toBe(name);
});

test.each([
  {
    type: 'PodSpec',
    field: 'containers',
    fact: { type: 'Container', list: true, isStruct: true, mergeKey: 'name' },
  },
  { type: 'PodSpec', field: 'volumes', fact: { mergeKey: 'name', patchStrategy: ['merge', 'retainKeys'] } },
  { type: 'PodSpec', field: 'tolerations', fact: { list: true, mergeKey: undefined, listType: 'atomic' } },
  {
    type: 'Container',
    field: 'ports',
    fact: { mergeKey: 'containerPort', listMapKeys: ['containerPort', 'protocol'] },
  },
  {
    type: 'DeploymentSpec',
    field: 'strategy',
    fact: { type: 'DeploymentStrategy', patchStrategy: ['retainKeys'] },
  },
  {
    type: 'ObjectMeta',
    field: 'finalizers',
    fact: { type: 'string', isStruct: false, patchStrategy: ['merge'] },
  },
  { type: 'ObjectMeta', field: 'labels', fact: { type: 'string', map: true, list: false } },
  { type: 'Volume', field: 'configMap', fact: { type: 'ConfigMapVolumeSource', list: false, map: false } },
])('$type.$field', ({ type, field, fact }) => {
  expect(fieldFact(type, field)).toMatchObject(fact);
  expect(mergeKeyOf(type, field)).toBe(fieldFact(type, field)!.mergeKey);
});

test('nothing is known of other types and fields', () => {
  expect(fieldFact('Boat', 'spec')).toBeUndefined();
  expect(fieldFact('Pod', 'sails')).toBeUndefined();
  expect(findType('Boat')).toBeUndefined();
  expect(() => typeOf('Boat')).toThrow('no facts about type Boat');
});

test('inlined structs lend their fields', () => {
  const names = fieldsOf('Probe').map((f) => f.name);
  expect(names).toEqual(expect.arrayContaining(['httpGet', 'exec', 'periodSeconds']));
});

test('enums are sorted', () => {
  expect(enumValues('PullPolicy')).toEqual(['Always', 'IfNotPresent', 'Never']);
  expect(enumValues('AddressType')).toEqual(['FQDN', 'IPv4', 'IPv6']);
});
