import type { End, TranslatedPort } from './translated.ts';

/** The rules of a Pod's network namespace that lead it to Services. */
export interface Translation {
  /** Lines that add the rules to an empty chain. */
  rules: readonly string[];
  /** Names of the sets that remember which endpoint the Pod was led to, each with its declaration. */
  memories: ReadonlyMap<string, string>;
}

/** The table of rules and sets that is nobody else's. */
export const table = 'ip shallop-services';

/**
 * After destinations that a program in the Pod changes itself (a mesh's sidecar, at -100), before filters, which so judge
 * the Pod behind a Service.
 */
const chains = [
  `add chain ${table} out { type nat hook output priority -99; policy accept; }`,
  // What is left for a Service there is new, and is to be led to nobody. A chain that translates sees nothing where none does.
  `add chain ${table} shut { type filter hook output priority -98; policy accept; }`,
];

/**
 * Returns the rules for these ports. They stand where the client is: the packet leaves it with its own address and the
 * endpoint's, answers come back the same way, and nothing of the machine's network takes part.
 */
export function translationOf(ports: readonly TranslatedPort[]): Translation {
  const memories = new Map<string, string>();
  const rules = ports.flatMap((port) => {
    if (port.to.length === 0) return [`shut ct state new ${match(port)} drop`];
    const led =
      port.affinitySeconds === undefined ? [`${match(port)} ${anyOf(port.to)}`] : sticky(port, memories);
    return led.map((rule) => `out ${rule}`);
  });
  return { rules: rules.map((rule) => `add rule ${table} ${rule}`), memories };
}

/**
 * Returns the program of nft that brings a namespace to a translation, at once. What it remembers of clients stays; of what was
 * there `before` only the names of the memories are needed. Without it the table is made anew.
 */
export function programOf(
  { rules, memories }: Translation,
  before?: { memories: Pick<Translation['memories'], 'keys'> },
): string {
  const stale = [...(before?.memories.keys() ?? [])].filter((name) => !memories.has(name));
  return [
    `add table ${table}`,
    ...(before ? [] : [`delete table ${table}`, ...(rules.length ? [`add table ${table}`] : [])]),
    ...(before || rules.length ? [...chains, `flush table ${table}`] : []),
    ...stale.map((name) => `delete set ${table} ${name}`),
    ...[...memories].map(([name, declaration]) => `add set ${table} ${name} ${declaration}`),
    ...rules,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const match = ({ at }: TranslatedPort) => `ip daddr ${at.address} tcp dport ${at.port}`;

function anyOf(to: readonly End[]): string {
  const [first] = to;
  if (to.length === 1) return leadTo(first!);
  const places = to.map(({ address, port }, index) => `${index} : ${address} . ${port}`);
  return `dnat ip to numgen random mod ${to.length} map { ${places.join(', ')} }`;
}

const leadTo = ({ address, port }: End) => `dnat to ${address}:${port}`;

/** First where the client was led before; else one of so many, the next one of the rest, and the last one anyhow. */
function sticky(port: TranslatedPort, memories: Map<string, string>): string[] {
  const led = port.to.map((end) => {
    const name = `to/${port.at.address}/${port.at.port}/${end.address}/${end.port}/${port.affinitySeconds}`;
    memories.set(
      name,
      `{ type ipv4_addr; size 16; flags dynamic,timeout; timeout ${port.affinitySeconds}s; }`,
    );
    return { name, lead: `update @${name} { ip saddr } ${leadTo(end)}` };
  });
  return [
    ...led.map(({ name, lead }) => `${match(port)} ip saddr @${name} ${lead}`),
    ...led.map(({ lead }, index) => {
      const left = led.length - index;
      return [match(port), ...(left > 1 ? [`numgen random mod ${left} == 0`] : []), lead].join(' ');
    }),
  ];
}
