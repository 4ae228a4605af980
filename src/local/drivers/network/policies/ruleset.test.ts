import { expect, test } from '@jest/globals';
import { rulesetOf } from './ruleset.ts';

const machine = { addresses: ['10.128.0.1'], serviceCidr: '10.128.128.0/17' };
const reset = ['add table inet shallop', 'delete table inet shallop'];
const begin = (name: string, hook: string, link: string) => [
  ` chain ${name} {`,
  `  type filter hook ${hook} priority 0; policy drop;`,
  '  ct state established,related accept',
  `  ${link} "lo" accept`,
];
const lines = (text: string) => text.trimEnd().split('\n');

test('a Pod without policies has no table', () => {
  expect(lines(rulesetOf({}, machine))).toEqual(reset);
});

test('a Pod that nobody may reach still answers the machine, and is answered', () => {
  expect(lines(rulesetOf({ ingress: [] }, machine))).toEqual([
    ...reset,
    'table inet shallop {',
    ...begin('ingress', 'input', 'iifname'),
    '  ip saddr 10.128.0.1 accept',
    ' }',
    '}',
  ]);
});

test('each peer with each port, and cluster IPs, which the proxy judges', () => {
  const egress = [
    {
      peers: {
        addresses: ['10.128.1.1', '10.128.1.2'],
        blocks: [
          { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] },
          { cidr: '2001:db8::/64', except: [] },
        ],
      },
      ports: [
        { protocol: 'TCP' as const, first: 80, last: 80 },
        { protocol: 'UDP' as const, first: 5000, last: 6000 },
        { protocol: 'SCTP' as const },
      ],
    },
    { ports: [{ protocol: 'UDP' as const, first: 53, last: 53 }] },
    { peers: { addresses: [], blocks: [] } },
    { peers: { addresses: ['10.128.1.9'], blocks: [] } },
  ];
  const each = (peer: string) => [
    `  ${peer} tcp dport 80 accept`,
    `  ${peer} udp dport 5000-6000 accept`,
    `  ${peer} meta l4proto sctp accept`,
  ];
  expect(lines(rulesetOf({ egress }, machine))).toEqual([
    ...reset,
    'table inet shallop {',
    ...begin('egress', 'output', 'oifname'),
    '  ip daddr 10.128.0.1 accept',
    '  ip daddr 10.128.128.0/17 accept',
    ...each('ip daddr { 10.128.1.1, 10.128.1.2 }'),
    ...each('ip daddr 10.0.0.0/8 ip daddr != 10.1.0.0/16 ip daddr != 10.2.0.0/16'),
    ...each('ip6 daddr 2001:db8::/64'),
    '  udp dport 53 accept',
    '  ip daddr { 10.128.1.9 } accept',
    ' }',
    '}',
  ]);
});

test('a rule that allows everything is one without a condition', () => {
  expect(lines(rulesetOf({ ingress: [{}] }, machine))).toContain('  accept');
});
