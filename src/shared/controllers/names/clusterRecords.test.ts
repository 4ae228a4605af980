import { expect, test } from '@jest/globals';
import type { Endpoint, EndpointSlice, Service, ServiceSpec } from '../../kinds/schema/types.ts';
import { clusterRecordsOf } from './clusterRecords.ts';

const service = (spec: Partial<ServiceSpec>): Service => ({
  metadata: { name: 'web', namespace: 'ns' },
  spec,
});
const slice = (endpoints: Endpoint[], addressType: 'IPv4' | 'IPv6' = 'IPv4'): EndpointSlice => ({
  metadata: {},
  addressType,
  endpoints,
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
});
const slices = [
  slice([
    { addresses: ['10.0.0.2'] },
    { addresses: ['10.0.0.1'], hostname: 'web-0' },
    { addresses: ['10.0.0.3'], conditions: { ready: false } },
  ]),
  slice([{ addresses: ['fd00::1'] }], 'IPv6'),
];
const ports = [
  { name: 'http', port: 80 },
  { name: 'dns', port: 53, protocol: 'UDP' as const },
];
const lines = (spec: Partial<ServiceSpec>) =>
  clusterRecordsOf(service(spec), slices).map(
    ({ name, type, values }) => `${name} ${type} ${values.join(',')}`,
  );

test('a Service leads to its cluster IPs and its own ports', () => {
  expect(lines({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd96::1'], ports })).toEqual([
    'web.ns.svc A 10.96.0.1',
    'web.ns.svc AAAA fd96::1',
    '_http._tcp.web.ns.svc SRV 0 100 80 web.ns.svc',
    '_dns._udp.web.ns.svc SRV 0 100 53 web.ns.svc',
  ]);
  expect(lines({ clusterIP: '10.96.0.1', ports: [{ port: 80 }] })).toEqual(['web.ns.svc A 10.96.0.1']);
});

test('a headless one leads to its ready Pods, each with a name of its own', () => {
  expect(lines({ clusterIP: 'None', ports })).toEqual([
    'web.ns.svc A 10.0.0.1,10.0.0.2',
    'web.ns.svc AAAA fd00::1',
    'web-0.web.ns.svc A 10.0.0.1',
    '10-0-0-2.web.ns.svc A 10.0.0.2',
    'fd00--1.web.ns.svc AAAA fd00::1',
    '_http._tcp.web.ns.svc SRV 0 33 8080 web-0.web.ns.svc,0 33 8080 10-0-0-2.web.ns.svc,0 33 8080 fd00--1.web.ns.svc',
  ]);
});

test('an ExternalName is an alias', () => {
  expect(lines({ type: 'ExternalName', externalName: 'db.example.com' })).toEqual([
    'web.ns.svc CNAME db.example.com.',
  ]);
});
