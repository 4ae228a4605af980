import { describe, expect, test } from '@jest/globals';
import type { Endpoint, EndpointSlice, Service, ServiceSpec } from '../../kinds/schema/types.ts';
import { maxValues, recordsOf, untranslatedPorts } from './plan.ts';

const service = (spec: Partial<ServiceSpec> = {}): Service => ({
  metadata: { name: 'web', namespace: 'ns' },
  spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }], ...spec },
});
const headless = service({ clusterIP: 'None' });
const slice = (endpoints: Endpoint[], ports: EndpointSlice['ports'] = [], more = {}): EndpointSlice => ({
  metadata: {},
  addressType: 'IPv4',
  endpoints,
  ports,
  ...more,
});
const at = (address: string, more: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [address],
  conditions: { ready: true },
  ...more,
});
const http = { name: 'http', port: 8080, protocol: 'TCP' as const };
/** `name TYPE value,value` */
const lines = (...args: Parameters<typeof recordsOf>) =>
  recordsOf(...args).map(({ name, type, values }) => `${name} ${type} ${values.join(',')}`);

describe('a Service', () => {
  test('leads to its ready Pods, in order', () => {
    const slices = [
      slice([at('10.0.0.2'), at('10.0.0.3', { conditions: { ready: false } })]),
      slice([at('10.0.0.1')]),
    ];
    expect(lines(service(), slices)).toEqual(['web.ns.svc A 10.0.0.1,10.0.0.2']);
  });

  test('without ready Pods has no records', () => {
    expect(lines(service(), [])).toEqual([]);
    expect(lines(service(), [slice([at('10.0.0.1', { conditions: { ready: false } })], [http])])).toEqual([]);
  });

  test("tells the Pods' port of each name", () => {
    expect(lines(service(), [slice([at('10.0.0.1'), at('10.0.0.2')], [http])])).toEqual([
      'web.ns.svc A 10.0.0.1,10.0.0.2',
      '_http._tcp.web.ns.svc SRV 0 100 8080 web.ns.svc',
    ]);
  });

  test('whose Pods differ in their port tells each', () => {
    const slices = [slice([at('10.0.0.1')], [http]), slice([at('10.0.0.2')], [{ ...http, port: 9090 }])];
    expect(lines(service(), slices)[1]).toBe(
      '_http._tcp.web.ns.svc SRV 0 50 8080 web.ns.svc,0 50 9090 web.ns.svc',
    );
  });

  test('with IPv6 addresses has AAAA records', () =>
    expect(lines(service(), [slice([at('2001:db8::1')], [], { addressType: 'IPv6' })])).toEqual([
      'web.ns.svc AAAA 2001:db8::1',
    ]));
});

describe('a headless Service', () => {
  test('names its Pods by their hostname', () => {
    const slices = [slice([at('10.0.0.1', { hostname: 'web-0' }), at('10.0.0.2')])];
    expect(lines(headless, slices)).toEqual([
      'web.ns.svc A 10.0.0.1,10.0.0.2',
      'web-0.web.ns.svc A 10.0.0.1',
    ]);
  });

  test('leads from each port to each Pod, by hostname or address', () => {
    const slices = [slice([at('10.0.0.1', { hostname: 'web-0' }), at('10.0.0.2')], [http])];
    expect(lines(headless, slices)).toEqual([
      'web.ns.svc A 10.0.0.1,10.0.0.2',
      'web-0.web.ns.svc A 10.0.0.1',
      '10-0-0-2.web.ns.svc A 10.0.0.2',
      '_http._tcp.web.ns.svc SRV 0 50 8080 web-0.web.ns.svc,0 50 8080 10-0-0-2.web.ns.svc',
    ]);
  });
});

test.each(['example.com', 'example.com.'])('ExternalName %s is a CNAME', (externalName) =>
  expect(lines(service({ type: 'ExternalName', externalName }), [])).toEqual([
    'web.ns.svc CNAME example.com.',
  ]),
);

test('a record has at most so many values, always the same ones', () => {
  const endpoints = Array.from({ length: 300 }, (_, i) => at(`10.0.${i >> 8}.${i & 255}`));
  const [record] = recordsOf(service(), [slice(endpoints)]);
  expect(record!.values).toHaveLength(maxValues);
  expect(recordsOf(service(), [slice([...endpoints].reverse())])).toEqual([record]);
});

test('an address with two named ports in two slices is told once, with both ports', () => {
  const slices = [
    slice([at('10.0.0.1')], [http]),
    slice([at('10.0.0.1')], [{ ...http, name: 'admin', port: 9090 }]),
  ];
  expect(lines(service(), slices)).toEqual([
    'web.ns.svc A 10.0.0.1',
    '_http._tcp.web.ns.svc SRV 0 100 8080 web.ns.svc',
    '_admin._tcp.web.ns.svc SRV 0 100 9090 web.ns.svc',
  ]);
});

test.each<[string, Partial<ServiceSpec>, number]>([
  [
    'D14: a name that its Pods have at the same port',
    { ports: [{ name: 'web', port: 80, targetPort: 'http' }] },
    0,
  ],
  ['equal', { ports: [{ port: 80, targetPort: 80 }] }, 0],
  ['absent', { ports: [{ port: 80 }] }, 0],
  ['another number', { ports: [{ port: 80, targetPort: 8080 }] }, 1],
  ['D14: a name of another port', { ports: [{ name: 'http', port: 80, targetPort: 'http' }] }, 1],
  ['D14: a name that no Pod has', { ports: [{ name: 'other', port: 80, targetPort: 'http' }] }, 0],
  ['headless', { clusterIP: 'None', ports: [{ port: 80, targetPort: 8080 }] }, 0],
  ['external', { type: 'ExternalName', ports: [{ port: 80, targetPort: 8080 }] }, 0],
])('untranslated ports: %s', (_, spec, count) =>
  expect(untranslatedPorts(service(spec), [slice([], [http, { name: 'web', port: 80 }])])).toHaveLength(
    count,
  ),
);
