import type { Allowed, PodTraffic, PortRange } from '../../../../shared/ports/cloud.ts';

/** Is what is the machine's own, as Pods see it: always allowed, in both directions. */
export interface Machine {
  addresses: readonly string[];
  /** Cluster IPs, which the proxy in this process answers: it judges by the Pod behind them. */
  serviceCidr: string;
}

/** Rules for one Pod. */
export interface Rules extends Pick<PodTraffic, 'ingress' | 'egress'> {
  /** Doors of the machine that are shut to this Pod. */
  shut?: readonly Address[];
}

/** Where something listens. */
export interface Address {
  address: string;
  port: number;
  protocol: PortRange['protocol'];
}

/**
 * The program of nft that gives a Pod's network namespace these rules and no others, at once. What one direction is not
 * limited in has no chain.
 */
export function rulesetOf(
  { ingress, egress, shut = [] }: Rules,
  { addresses, serviceCidr }: Machine,
): string {
  const machine = [...new Set(addresses)].sort();
  // Adding it first makes removing it right whether or not it is there.
  const reset = ['add table inet shallop', 'delete table inet shallop'];
  if (!ingress && !egress && !shut.length) return lines(reset);
  return lines([
    ...reset,
    'table inet shallop {',
    ...chain('ingress', 'input', 'iifname', ingress, 'saddr', machine),
    ...dropping(shut),
    ...chain('egress', 'output', 'oifname', egress, 'daddr', [...machine, serviceCidr]),
    '}',
  ]);
}

/** Goes before what is accepted: the proxy would answer, and then find nobody to speak to. */
function dropping(shut: readonly Address[]): string[] {
  if (!shut.length) return [];
  const drops = [...Map.groupBy(shut, ({ protocol }) => protocol.toLowerCase())].map(([protocol, doors]) => {
    const places = new Set(doors.map(({ address, port }) => `${address} . ${port}`));
    return `  ct state new ip daddr . ${protocol} dport { ${[...places].sort().join(', ')} } drop`;
  });
  return [' chain shut {', '  type filter hook output priority -1; policy accept;', ...drops.sort(), ' }'];
}

const lines = (parts: readonly string[]) => parts.map((part) => `${part}\n`).join('');

function chain(
  name: string,
  hook: string,
  link: string,
  rules: readonly Allowed[] | undefined,
  side: 'saddr' | 'daddr',
  own: readonly string[],
): string[] {
  if (!rules) return [];
  return [
    ` chain ${name} {`,
    `  type filter hook ${hook} priority 0; policy drop;`,
    '  ct state established,related accept',
    `  ${link} "lo" accept`,
    ...own.map((address) => `  ip ${side} ${address} accept`),
    ...[...new Set(rules.flatMap((rule) => accepts(rule, side)))].map((rule) => `  ${rule}`),
    ' }',
  ];
}

/** Each peer with each port: sets may not overlap, and rules may. */
function accepts({ peers, ports }: Allowed, side: 'saddr' | 'daddr'): string[] {
  const whom = peers
    ? [
        ...(peers.addresses.length ? [`ip ${side} { ${peers.addresses.join(', ')} }`] : []),
        ...peers.blocks.map(({ cidr, except }) => {
          const family = cidr.includes(':') ? 'ip6' : 'ip';
          return [`${family} ${side} ${cidr}`, ...except.map((part) => `${family} ${side} != ${part}`)].join(
            ' ',
          );
        }),
      ]
    : [''];
  const where = ports ? ports.map(portMatch) : [''];
  // What allows anything with anybody has no condition at all.
  return whom.flatMap((peer) => where.map((port) => [peer, port, 'accept'].filter(Boolean).join(' ')));
}

function portMatch({ protocol, first, last }: PortRange): string {
  const name = protocol.toLowerCase();
  if (first === undefined) return `meta l4proto ${name}`;
  return `${name} dport ${last === undefined || last === first ? first : `${first}-${last}`}`;
}
