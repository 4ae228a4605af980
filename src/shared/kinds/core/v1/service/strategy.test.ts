import { expect, test } from '@jest/globals';
import type { ServiceSpec } from '../../../schema/types.ts';
import { prepareForUpdate } from './strategy.ts';

const balanced: ServiceSpec = {
  type: 'LoadBalancer',
  clusterIP: '10.96.0.9',
  clusterIPs: ['10.96.0.9'],
  ipFamilies: ['IPv4'],
  ipFamilyPolicy: 'SingleStack',
  ports: [
    { name: 'a', port: 80, nodePort: 30080 },
    { name: 'b', port: 81, nodePort: 30081 },
  ],
  allocateLoadBalancerNodePorts: true,
  externalTrafficPolicy: 'Cluster',
};

function updated(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const service = { metadata: {}, spec: structuredClone(spec) };
  prepareForUpdate(service, { metadata: {}, spec: structuredClone(old) });
  return service.spec;
}

test('what was allocated stays when the caller does not say it', () => {
  const ports = [
    { name: 'b', port: 82 },
    { name: 'c', port: 83 },
  ];
  expect(updated({ type: 'LoadBalancer', ports }, balanced)).toMatchObject({
    clusterIP: '10.96.0.9',
    clusterIPs: ['10.96.0.9'],
    ports: [
      { name: 'b', port: 82, nodePort: 30081 },
      { name: 'c', port: 83 },
    ],
  });
});

test('a node port that has moved to another port is not given twice', () => {
  const ports = [
    { name: 'a', port: 80 },
    { name: 'c', port: 83, nodePort: 30080 },
  ];
  expect(updated({ ...balanced, ports }, balanced).ports).toEqual(ports);
});

test('another type loses what it has no use for', () => {
  expect(updated({ ...balanced, type: 'ClusterIP' }, balanced)).toEqual({
    type: 'ClusterIP',
    clusterIP: '10.96.0.9',
    clusterIPs: ['10.96.0.9'],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ],
  });
  const external = updated({ ...balanced, type: 'ExternalName', externalName: 'a.b' }, balanced);
  expect(external).toEqual({
    type: 'ExternalName',
    externalName: 'a.b',
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ],
  });
});

test('what the caller changed as well stays, to be refused', () => {
  const spec = updated({ ...balanced, type: 'ClusterIP', externalTrafficPolicy: 'Local' }, balanced);
  expect(spec.externalTrafficPolicy).toBe('Local');
});

test('only the first address said anew stands in both places', () => {
  expect(updated({ ...balanced, clusterIP: '10.96.0.10' }, balanced).clusterIPs).toEqual(['10.96.0.10']);
});

const known: ServiceSpec = { type: 'ClusterIP', clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] };
const named: ServiceSpec = { type: 'ExternalName', externalName: 'a.b' };
const anew = { clusterIPs: ['10.96.0.8'] };

test.each<[string, ServiceSpec, ServiceSpec]>([
  ['the first address alone', { ...named, clusterIPs: known.clusterIPs! }, named],
  ['the first address alone, empty', { ...known, ...named, clusterIP: '' }, { ...named, clusterIP: '' }],
  ['the list alone', { ...named, clusterIP: known.clusterIP! }, named],
  ['nothing', { ...known, ...named }, named],
  ['both', named, named],
  ['the first and changes the list, to be refused', { ...named, ...anew }, { ...named, ...anew }],
  [
    'nothing, but says that there is none, to be refused',
    { ...known, ...named, clusterIP: 'None' },
    { ...named, clusterIP: 'None', clusterIPs: ['None'] },
  ],
])('a Service that becomes a name loses its addresses when the caller takes away %s', (_, spec, after) => {
  expect(updated(spec, known)).toEqual(after);
});
