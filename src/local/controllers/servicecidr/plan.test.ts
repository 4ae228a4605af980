import { expect, test } from '@jest/globals';
import type { IPAddress, ServiceCIDR } from '../../../shared/kinds/schema/types.ts';
import { isUsable, plan } from './plan.ts';

const now = Date.UTC(2026, 0, 1, 0, 1);
const long = '2026-01-01T00:00:00Z';
const range = (name: string, cidr: string, deletionTimestamp?: string, ready?: string): ServiceCIDR => ({
  metadata: { name, ...(deletionTimestamp && { deletionTimestamp }) },
  spec: { cidrs: [cidr] },
  ...(ready && {
    status: {
      conditions: [{ type: 'Ready', status: ready, reason: '', message: '', lastTransitionTime: long }],
    },
  }),
});
const address = (name: string, manager = 'ipallocator.k8s.io'): IPAddress => ({
  metadata: { name, labels: { 'ipaddress.kubernetes.io/managed-by': manager } },
});
const ready = expect.objectContaining({ status: 'True', message: 'Kubernetes Service CIDR is ready' });
const terminating = expect.objectContaining({ status: 'False', reason: 'Terminating' });

test.each([
  ['is said to be ready', range('a', '10.1.0.0/24'), [], [], { is: 'keep', condition: ready }],
  [
    'is not said so twice',
    range('a', '10.1.0.0/24', '', 'True'),
    [],
    [],
    { is: 'keep', condition: undefined },
  ],
  ['goes when nothing is in it', range('a', '10.1.0.0/24', long), [], [], { is: 'release' }],
  [
    'stays for a moment, as an address may be on its way',
    range('a', '10.1.0.0/24', '2026-01-01T00:00:58Z'),
    [],
    [],
    { is: 'wait', ms: 8000 },
  ],
  [
    'stays while a Service has an address of it',
    range('a', '10.1.0.0/24', long),
    [],
    [address('10.1.0.7')],
    { is: 'wait', condition: terminating },
  ],
  [
    'goes when the address is in another one too',
    range('a', '10.1.0.0/24', long),
    [range('b', '10.1.0.0/28')],
    [address('10.1.0.7')],
    { is: 'release' },
  ],
  [
    'stays when only some are',
    range('a', '10.1.0.0/24', long),
    [range('b', '10.1.0.0/28')],
    [address('10.1.0.7'), address('10.1.0.70')],
    { is: 'wait', condition: terminating },
  ],
  [
    'goes when a larger one holds all of it',
    range('a', '10.1.0.0/24', long),
    [range('b', '10.0.0.0/8')],
    [address('10.1.0.7')],
    { is: 'release' },
  ],
  [
    'goes whatever somebody else keeps in it',
    range('a', '10.1.0.0/24', long),
    [],
    [address('10.1.0.7', 'me')],
    { is: 'release' },
  ],
  [
    'goes when others have the addresses',
    range('a', '10.1.0.0/24', long),
    [],
    [address('10.2.0.7')],
    { is: 'release' },
  ],
])('a range %s', (_, one, others, addresses, step) => {
  expect(plan(one, [one, ...others], addresses, now)).toEqual(step);
});

test.each([
  ['10.0.0.0/8', true],
  ['10.0.0.0/7', false],
  ['10.0.0.0/31', false],
  ['2001:db8::/64', false],
  ['x', false],
])('%s is chosen from: %s', (cidr, usable) => {
  expect(isUsable(cidr)).toBe(usable);
});
