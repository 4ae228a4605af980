import { expect, test } from '@jest/globals';
import type { Pod } from '../../kinds/schema/types.ts';
import { chooseLeaving } from './displace.ts';

type Asked = Record<string, string>;
/** A Pod with the same limits as requests has guarantees; one that asks for nothing has none. */
const pod = (name: string, requests: Asked, { limits = false, priority = 0 } = {}): Pod => ({
  metadata: { name, uid: name },
  spec: {
    priority,
    containers: [{ name: 'c', resources: { requests, ...(limits && { limits: requests }) } }],
  },
});
const burstable = (name: string, cpu: string) => pod(name, { cpu });
const guaranteed = (name: string, cpu: string) => pod(name, { cpu, memory: '64Mi' }, { limits: true });
const critical = pod('critical', { cpu: '1' }, { priority: 2_000_000_000 });
const cpu = (amount: number) => [{ name: 'cpu', amount }];

test.each<[string, Pod[], { name: string; amount: number }[], string[]]>([
  ['the one that frees enough', [burstable('a', '300m'), burstable('b', '900m')], cpu(800), ['b']],
  [
    'the smallest of those that free enough',
    [burstable('a', '2'), burstable('b', '1'), burstable('c', '3')],
    cpu(1000),
    ['b'],
  ],
  [
    'those without guarantees before those with',
    [guaranteed('a', '1'), burstable('b', '500m'), burstable('c', '500m')],
    cpu(1000),
    ['c', 'b'],
  ],
  [
    'those with guarantees where the others do not suffice, and of the others only whom it takes then',
    [guaranteed('a', '1'), burstable('b', '200m')],
    cpu(1000),
    ['a'],
  ],
  [
    'whoever asks for nothing, for a place',
    [pod('a', {}), burstable('b', '1')],
    [{ name: 'pods', amount: 1 }],
    ['a'],
  ],
  ['nobody where nothing is missing', [burstable('a', '1')], [], []],
])('%s leaves', (_, others, needs, expected) => {
  const { leaving, unmet } = chooseLeaving(critical, needs, others);
  expect([leaving.map(({ metadata }) => metadata.name), unmet]).toEqual([expected, undefined]);
});
