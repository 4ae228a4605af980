import { describe, expect, test } from '@jest/globals';
import type { APIService, EndpointSlice, Service } from '../../kinds/schema/types.ts';
import { obstacle, withVerdict } from './plan.ts';

const object: APIService = {
  metadata: { name: 'v1.far.example' },
  spec: {
    group: 'far.example',
    version: 'v1',
    groupPriorityMinimum: 1,
    versionPriority: 1,
    service: { namespace: 'ns', name: 'far', port: 443 },
  },
};
const service = (port: number, type = 'ClusterIP'): Service =>
  ({
    metadata: { name: 'far' },
    spec: { type, ports: [{ name: 'https', port, protocol: 'TCP' }] },
  }) as Service;
const slice = (ready: boolean, name = 'https'): EndpointSlice =>
  ({
    metadata: {},
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
    ports: [{ name, port: 8443 }],
  }) as EndpointSlice;

describe('what keeps the server of an APIService from being asked, in the words of Kubernetes', () => {
  test.each([
    ['no Service', undefined, [], 'ServiceNotFound', 'service/far in "ns" is not present'],
    ['another port', service(80), [], 'ServicePortError', 'service/far in "ns" is not listening on port 443'],
    [
      'no slices',
      service(443),
      [],
      'EndpointsNotFound',
      'cannot find endpointslices for service/far in "ns"',
    ],
    [
      'nobody ready',
      service(443),
      [slice(false)],
      'MissingEndpoints',
      'endpointslices for service/far in "ns" have no addresses with port name "https"',
    ],
    [
      'another name of the port',
      service(443),
      [slice(true, 'other')],
      'MissingEndpoints',
      'endpointslices for service/far in "ns" have no addresses with port name "https"',
    ],
  ])('%s', (_, found, slices, reason, message) => {
    expect(obstacle(object, found, slices)).toEqual({ status: 'False', reason, message });
  });

  test('nothing, when somebody is ready or the Service is no ClusterIP', () => {
    expect(obstacle(object, service(443), [slice(false), slice(true)])).toBeUndefined();
    expect(obstacle(object, service(80, 'ExternalName'), [])).toBeUndefined();
  });
});

test('a condition keeps its time until its status changes, and is written once', () => {
  const passed = { status: 'True', reason: 'Passed', message: 'all checks passed' } as const;
  const first = withVerdict([{ type: 'Other', status: 'True' }], passed, 't1')!;
  expect(first).toEqual([
    { type: 'Other', status: 'True' },
    { type: 'Available', lastTransitionTime: 't1', ...passed },
  ]);
  expect(withVerdict(first, passed, 't2')).toBeUndefined();
  expect(withVerdict(first, { ...passed, message: 'm' }, 't2')![1]!.lastTransitionTime).toBe('t1');
  expect(withVerdict(first, { ...passed, status: 'False' }, 't2')![1]!.lastTransitionTime).toBe('t2');
});
