import { expect, test } from '@jest/globals';
import { endpointIP, externalIP, validCidr } from './ip.ts';

test('a Pod on loopback can be an endpoint, a Service cannot be reached there from outside', () => {
  expect(endpointIP('ip', '127.32.0.5')).toEqual([]);
  expect(externalIP('ip', '127.32.0.5')).toHaveLength(1);
});

test.each(['0.0.0.0', '::', '169.254.1.1', 'fe80::1', '224.0.0.1', 'ff02::1', 'x'])(
  '%s is no endpoint',
  (ip) => expect(endpointIP('ip', ip)).toHaveLength(1),
);

test.each([
  { cidr: '10.0.0.0/8', valid: true },
  { cidr: 'fd00::/64', valid: true },
  { cidr: '10.0.0.0/33', valid: false },
  { cidr: '10.0.0.0', valid: false },
  { cidr: '10.0.0.0/8/8', valid: false },
])('$cidr is a CIDR: $valid', ({ cidr, valid }) => expect(validCidr('c', cidr).length === 0).toBe(valid));
