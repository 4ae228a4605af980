import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Namespace, NetworkPolicy, NetworkPolicySpec, Pod } from '../../../shared/kinds/schema/types.ts';
import type { PortRange } from '../../../shared/ports/cloud.ts';
import { judge } from '../../drivers/network/policies/judge.ts';
import { plan } from './plan.ts';

/** As upstream's test/e2e/network/netpol: namespaces x, y and z with Pods a, b and c, which serve ports 80 and 81. */
const places = ['x', 'y', 'z'];
const names = ['a', 'b', 'c'];
const namespaces: Namespace[] = places.map((name) => ({
  metadata: { name, labels: { ns: name, 'kubernetes.io/metadata.name': name } },
}));
const addressOf = (namespace: string, name: string) =>
  `10.128.${places.indexOf(namespace)}.${names.indexOf(name) + 10}`;
const podOf = (namespace: string, name: string, more: object = {}): Pod => ({
  metadata: { name, namespace, uid: `${namespace}/${name}`, labels: { pod: name } },
  spec: {
    nodeName: 'n',
    containers: [80, 81].map((port) => ({
      name: `c${port}`,
      ports: [
        { containerPort: port, name: `serve-${port}-tcp`, protocol: 'TCP' as const },
        { containerPort: port, name: `serve-${port}-udp`, protocol: 'UDP' as const },
      ],
    })),
    ...more,
  },
  status: { podIP: addressOf(namespace, name), phase: 'Running' },
});
const pods = places.flatMap((namespace) => names.map((name) => podOf(namespace, name)));

const policy = (spec: Partial<NetworkPolicySpec>, namespace = 'x'): NetworkPolicy => ({
  metadata: { name: 'p', namespace },
  spec: {
    podSelector: {},
    policyTypes: [...(spec.ingress ? ['Ingress' as const] : []), ...(spec.egress ? ['Egress' as const] : [])],
    ...spec,
  },
});
const isMachine = (address: string) => address === '10.128.0.1';

/** Returns which of all connections get through: `x/a > y/b 80/TCP`. */
function reached(policies: NetworkPolicy[], there = pods): Set<string> {
  const traffic = plan({ cluster: 'default', policies, pods: there, namespaces });
  const byAddress = new Map(traffic.map((each) => [each.address ?? '', each]));
  const reachable = new Set<string>();
  for (const from of there)
    for (const to of there)
      for (const port of [80, 81])
        for (const protocol of ['TCP', 'UDP'] as const) {
          const endpoint = { address: to.status?.podIP ?? '', port };
          if (judge({ client: from.status?.podIP ?? '', endpoint, protocol }, byAddress, isMachine))
            reachable.add(`${from.metadata.uid} > ${to.metadata.uid} ${port}/${protocol}`);
        }
  return reachable;
}

type Expected = (from: string, to: string, port: number, protocol: PortRange['protocol']) => boolean;

function expected(allows: Expected): Set<string> {
  const all = pods.flatMap((from) =>
    pods.flatMap((to) =>
      [80, 81].flatMap((port) =>
        (['TCP', 'UDP'] as const).map((protocol) => ({
          from: from.metadata.uid!,
          to: to.metadata.uid!,
          port,
          protocol,
        })),
      ),
    ),
  );
  const allowed = all.filter(
    // A Pod always reaches itself.
    ({ from, to, port, protocol }) => from === to || allows(from, to, port, protocol),
  );
  return new Set(allowed.map(({ from, to, port, protocol }) => `${from} > ${to} ${port}/${protocol}`));
}

const isIn = (place: string) => (pod: string) => pod.startsWith(`${place}/`);
const inX = isIn('x');
const ns = (...values: string[]) => ({ matchExpressions: [{ key: 'ns', operator: 'In', values }] });
const pod = (...values: string[]) => ({ matchExpressions: [{ key: 'pod', operator: 'In', values }] });
const tcp = (port: number | string, endPort?: number) => ({
  protocol: 'TCP' as const,
  port,
  ...(endPort && { endPort }),
});
const udp = (port: number | string) => ({ protocol: 'UDP' as const, port });
const block = (cidr: string, ...except: string[]) => ({ ipBlock: { cidr, except } });

/** Names are those of upstream's cases. */
const cases: [name: string, policies: NetworkPolicy[], allows: Expected][] = [
  ['no policy', [], () => true],
  ["should support a 'default-deny-ingress' policy", [policy({ ingress: [] })], (_, to) => !inX(to)],
  [
    "should support a 'default-deny-all' policy",
    [policy({ ingress: [], egress: [] })],
    (from, to) => !inX(to) && !inX(from),
  ],
  [
    'should enforce policy to allow traffic from pods within server namespace based on PodSelector',
    [policy({ podSelector: pod('a'), ingress: [{ from: [{ podSelector: pod('b') }] }] })],
    (from, to) => to !== 'x/a' || from === 'x/b',
  ],
  [
    'should enforce policy to allow ingress traffic for a target',
    [
      policy({ ingress: [] }),
      policy({ podSelector: pod('a'), ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }] }),
    ],
    (_, to) => !inX(to) || to === 'x/a',
  ],
  [
    'should enforce policy to allow ingress traffic from pods in all namespaces',
    [policy({ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: {} }] }] })],
    () => true,
  ],
  [
    'should enforce policy to allow traffic only from a different namespace, based on NamespaceSelector',
    [policy({ podSelector: pod('a'), ingress: [{ from: [{ namespaceSelector: ns('y') }] }] })],
    (from, to) => to !== 'x/a' || isIn('y')(from),
  ],
  [
    'should enforce policy based on PodSelector with MatchExpressions',
    [policy({ podSelector: pod('a'), ingress: [{ from: [{ podSelector: pod('b', 'c') }] }] })],
    (from, to) => to !== 'x/a' || ['x/b', 'x/c'].includes(from),
  ],
  [
    'should enforce policy based on NamespaceSelector with MatchExpressions using default ns label',
    [
      policy({
        podSelector: pod('a'),
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchExpressions: [
                    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['x'] },
                  ],
                },
              },
            ],
          },
        ],
      }),
    ],
    (from, to) => to !== 'x/a' || !inX(from),
  ],
  [
    'should enforce policy based on PodSelector or NamespaceSelector',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: ns('y', 'z') }, { podSelector: pod('b') }] }],
      }),
    ],
    (from, to) => to !== 'x/a' || !inX(from) || from === 'x/b',
  ],
  [
    'should enforce policy based on PodSelector and NamespaceSelector',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: ns('y', 'z'), podSelector: pod('b') }] }],
      }),
    ],
    (from, to) => to !== 'x/a' || ['y/b', 'z/b'].includes(from),
  ],
  [
    'should enforce policy based on Multiple PodSelectors and NamespaceSelectors',
    [
      policy({
        podSelector: pod('a'),
        ingress: [
          {
            from: [
              { namespaceSelector: ns('y'), podSelector: pod('b') },
              { namespaceSelector: ns('z'), podSelector: pod('b', 'c') },
            ],
          },
        ],
      }),
    ],
    (from, to) => to !== 'x/a' || ['y/b', 'z/b', 'z/c'].includes(from),
  ],
  [
    'should enforce policy based on any PodSelectors',
    [
      policy({
        ingress: [
          { from: ['b', 'c'].map((name) => ({ namespaceSelector: ns('x'), podSelector: pod(name) })) },
        ],
      }),
    ],
    (from, to) => !inX(to) || ['x/b', 'x/c'].includes(from),
  ],
  [
    'should enforce policy based on Ports',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: ns('y') }], ports: [tcp(81)] }],
      }),
    ],
    (from, to, port, protocol) => to !== 'x/a' || (isIn('y')(from) && port === 81 && protocol === 'TCP'),
  ],
  [
    'should enforce multiple, stacked policies with overlapping podSelectors',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: ns('y') }], ports: [tcp(80)] }],
      }),
      policy({ ingress: [{ from: [{ namespaceSelector: ns('y') }], ports: [tcp(81)] }] }),
    ],
    (from, to, port, protocol) =>
      !inX(to) || (isIn('y')(from) && protocol === 'TCP' && (port === 81 || to === 'x/a')),
  ],
  [
    'should support allow-all policy',
    [policy({ ingress: [{}], egress: [{}] }), policy({ ingress: [], egress: [] })],
    () => true,
  ],
  [
    'should allow ingress access on one named port',
    [policy({ ingress: [{ ports: [tcp('serve-81-tcp')] }] })],
    (_, to, port, protocol) => !inX(to) || (port === 81 && protocol === 'TCP'),
  ],
  [
    'should allow ingress access from namespace on one named port',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ from: [{ namespaceSelector: ns('y') }], ports: [tcp('serve-80-tcp')] }],
      }),
    ],
    (from, to, port, protocol) => to !== 'x/a' || (isIn('y')(from) && port === 80 && protocol === 'TCP'),
  ],
  [
    'should allow egress access on one named port',
    [policy({ podSelector: pod('a'), egress: [{ ports: [tcp('serve-80-tcp')] }] })],
    (from, _, port, protocol) => from !== 'x/a' || (port === 80 && protocol === 'TCP'),
  ],
  [
    'should enforce egress policy allowing traffic to a server in a different namespace based on PodSelector and NamespaceSelector',
    [
      policy({
        podSelector: pod('a'),
        egress: [{ to: [{ namespaceSelector: ns('y'), podSelector: pod('a') }] }],
      }),
    ],
    (from, to) => from !== 'x/a' || to === 'y/a',
  ],
  [
    'should work with Ingress, Egress specified together',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ from: [{ podSelector: pod('b') }] }],
        egress: [{ ports: [tcp(80)] }],
      }),
    ],
    (from, to, port, protocol) =>
      (to !== 'x/a' || from === 'x/b') && (from !== 'x/a' || (port === 80 && protocol === 'TCP')),
  ],
  [
    'should enforce policies to check ingress and egress policies can be controlled independently based on PodSelector',
    [
      policy({ podSelector: pod('a'), egress: [{ to: [{ podSelector: pod('b') }] }] }),
      policy({ podSelector: pod('a'), ingress: [{}] }),
    ],
    (from, to) => from !== 'x/a' || to === 'x/b',
  ],
  [
    'should support denying of egress traffic on the client side (even if the server explicitly allows this traffic)',
    [
      policy({
        podSelector: pod('a'),
        egress: [{ to: [{ namespaceSelector: ns('y'), podSelector: pod('a') }] }],
      }),
      policy(
        {
          podSelector: pod('a', 'b'),
          ingress: [{ from: [{ namespaceSelector: ns('x'), podSelector: pod('a') }] }],
        },
        'y',
      ),
    ],
    (from, to) => (from !== 'x/a' || to === 'y/a') && (!['y/a', 'y/b'].includes(to) || from === 'x/a'),
  ],
  [
    'should allow egress access to server in CIDR block',
    [policy({ podSelector: pod('a'), egress: [{ to: [block(`${addressOf('y', 'b')}/32`)] }] })],
    (from, to) => from !== 'x/a' || to === 'y/b',
  ],
  [
    'should enforce except clause while egress access to server in CIDR block',
    [policy({ podSelector: pod('a'), egress: [{ to: [block('10.128.0.0/16', '10.128.2.0/24')] }] })],
    (from, to) => from !== 'x/a' || !isIn('z')(to),
  ],
  [
    'should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed',
    [
      policy({ podSelector: pod('a'), egress: [{ to: [block('10.128.0.0/16', '10.128.2.0/24')] }] }),
      policy({ podSelector: pod('a'), egress: [{ to: [block(`${addressOf('z', 'b')}/32`)] }] }),
    ],
    (from, to) => from !== 'x/a' || !isIn('z')(to) || to === 'z/b',
  ],
  [
    'should enforce updated policy and endPort',
    [policy({ podSelector: pod('a'), ingress: [{ ports: [tcp(70, 80)] }] })],
    (_, to, port, protocol) => to !== 'x/a' || (port === 80 && protocol === 'TCP'),
  ],
  [
    'should not allow access by TCP when a policy specifies only UDP',
    [policy({ podSelector: pod('a'), ingress: [{ ports: [udp(81)] }] })],
    (_, to, port, protocol) => to !== 'x/a' || (port === 81 && protocol === 'UDP'),
  ],
  [
    'should not mistakenly treat "protocol: SCTP" as "protocol: TCP", even if the plugin doesn\'t support SCTP',
    [policy({ podSelector: pod('a'), ingress: [{ ports: [{ protocol: 'SCTP', port: 80 }] }] })],
    (_, to) => to !== 'x/a',
  ],
  [
    'a protocol without a port is all of its ports',
    [policy({ podSelector: pod('a'), ingress: [{ ports: [{ protocol: 'UDP' }] }] })],
    (_, to, __, protocol) => to !== 'x/a' || protocol === 'UDP',
  ],
  [
    'a name that no port has is no port, and not every one',
    [
      policy({
        podSelector: pod('a'),
        ingress: [{ ports: [tcp('other')] }],
        egress: [{ ports: [tcp('other')] }],
      }),
    ],
    (from, to) => to !== 'x/a' && from !== 'x/a',
  ],
];

describe('what gets through', () => {
  test.each(cases)('%s', (_name, policies, allows) => {
    expect([...reached(policies)].sort()).toEqual([...expected(allows)].sort());
  });

  test('changes with labels of Pods and namespaces', () => {
    const policies = [policy({ podSelector: pod('a'), ingress: [{ from: [{ podSelector: pod('new') }] }] })];
    const relabelled = pods.map((each) =>
      each.metadata.uid === 'x/b'
        ? { ...each, metadata: { ...each.metadata, labels: { pod: 'new' } } }
        : each,
    );
    expect(reached(policies).has('x/b > x/a 80/TCP')).toBe(false);
    expect(reached(policies, relabelled).has('x/b > x/a 80/TCP')).toBe(true);
  });

  test('a further policy never takes anything from a Pod that has one already', () => {
    const peer = fc.oneof(
      fc.constantFrom(...places).map((place) => ({ namespaceSelector: ns(place) })),
      fc.constantFrom(...names).map((name) => ({ podSelector: pod(name) })),
      fc.constantFrom(...places).map((place) => block(`10.128.${places.indexOf(place)}.0/24`)),
    );
    const port = fc.constantFrom(tcp(80), tcp(81), udp(80), tcp('serve-81-tcp'));
    const rules = fc.array(
      fc.record({ peers: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) }),
      { maxLength: 2 },
    );
    const some = fc
      .record({ selected: fc.constantFrom({}, pod('a'), pod('b', 'c')), ingress: rules, egress: rules })
      .map(({ selected, ingress, egress }) =>
        policy({
          podSelector: selected,
          ingress: ingress.map(({ peers, ports }) => ({ from: peers, ports })),
          egress: egress.map(({ peers, ports }) => ({ to: peers, ports })),
        }),
      );
    const closed = policy({ ingress: [], egress: [] });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 3 }), some, (before, more) => {
        const [first, second] = [reached([closed, ...before]), reached([closed, ...before, more])];
        expect([...first].filter((each) => !second.has(each))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

test.each([
  ['on the network of the machine', { hostNetwork: true }, 'Running'],
  ['that has ended', {}, 'Succeeded'],
  ['that is bound to no Node', { nodeName: '' }, 'Pending'],
])('a Pod %s has no rules, and is nobody’s peer', (_what, more, phase) => {
  const odd = podOf('x', 'b', more);
  odd.status = { podIP: '10.128.0.11', phase: phase as 'Running' };
  const traffic = plan({
    cluster: 'default',
    policies: [policy({ ingress: [{ from: [{ podSelector: {} }] }] })],
    pods: [podOf('x', 'a'), odd],
    namespaces,
  });
  expect(traffic).toEqual([
    {
      ref: { cluster: 'default', namespace: 'x', name: 'a', uid: 'x/a' },
      address: '10.128.0.10',
      ingress: [{ peers: { addresses: ['10.128.0.10'], blocks: [] } }],
    },
  ]);
});

test('a Pod whose address is not known yet has its rules already', () => {
  const { status: _, ...starting } = podOf('x', 'a');
  const [first] = plan({
    cluster: 'default',
    policies: [policy({ ingress: [] })],
    pods: [starting],
    namespaces,
  });
  expect(first).toEqual({ ref: expect.objectContaining({ uid: 'x/a' }), ingress: [] });
});

test('through a proxy the machine may do everything, and somebody from elsewhere what blocks allow', () => {
  const traffic = plan({
    cluster: 'default',
    policies: [policy({ podSelector: pod('a'), ingress: [{ from: [block('192.0.2.0/24')] }] })],
    pods,
    namespaces,
  });
  const byAddress = new Map(traffic.map((each) => [each.address ?? '', each]));
  const asks = (client: string) =>
    judge(
      { client, endpoint: { address: addressOf('x', 'a'), port: 80 }, protocol: 'TCP' },
      byAddress,
      isMachine,
    );
  expect([asks('10.128.0.1'), asks('192.0.2.7'), asks('198.51.100.7')]).toEqual([true, true, false]);
});
