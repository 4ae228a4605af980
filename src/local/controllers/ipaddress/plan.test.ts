import { expect, test } from '@jest/globals';
import type { IPAddress, Service } from '../../../shared/kinds/schema/types.ts';
import { addressesOf, plan } from './plan.ts';

const service = (...clusterIPs: string[]): Service => ({
  metadata: { namespace: 'n', name: 's' },
  spec: { clusterIPs },
});
const object = (name: string, manager = 'ipallocator.k8s.io'): IPAddress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  metadata: {
    name: '10.0.0.1',
    labels: {
      'ipaddress.kubernetes.io/ip-family': 'IPv4',
      'ipaddress.kubernetes.io/managed-by': manager,
    },
  },
  spec: { parentRef: { group: '', resource: 'services', namespace: 'n', name } },
});

test.each([
  ['is made while the Service has it', service('10.0.0.1'), undefined, { is: 'create', object: object('s') }],
  ['stays', service('10.0.0.1'), object('s'), undefined],
  ['goes with the Service', undefined, object('s'), { is: 'delete', object: object('s') }],
  [
    'goes when the Service has another one',
    service('10.0.0.2'),
    object('s'),
    { is: 'delete', object: object('s') },
  ],
  [
    'is made anew when another Service had it',
    service('10.0.0.1'),
    object('t'),
    { is: 'recreate', object: object('s') },
  ],
  ['stays another Service’s', undefined, object('t'), undefined],
  ['is left alone when somebody else made it', undefined, object('s', 'me'), undefined],
  ['is not there for a Service without an address', service('None'), undefined, undefined],
])('the object of an address %s', (_, owner, there, step) => {
  expect(plan('10.0.0.1', { namespace: 'n', name: 's' }, owner, there)).toEqual(step);
});

test('a headless Service has no address', () => {
  expect(addressesOf(service('None'))).toEqual([]);
});
