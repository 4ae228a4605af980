import { addTo } from '../../../../../meta/lists.ts';
import type { Container, ContainerPort } from '../../../../schema/types.ts';
import { most } from './most.ts';

type Placed = { at: string; port: ContainerPort; order: number };

/** Ports that stand in each other's way, in one container or in several. */
export function portWarnings(containers: [string, Container][]): string[] {
  const all = containers
    .flatMap(([path, { ports = [] }]) => ports.map((port, i) => ({ at: `${path}.ports[${i}]`, port })))
    .map(({ at, port }, order): Placed => ({ at, port, order }));
  return all.length < 2 ? all.flatMap(withoutHostPort) : [...most(doors(all)), ...names(all)];
}

function* doors(all: Placed[]): Generator<string> {
  const known = new Map<string, Placed[]>();
  for (const placed of all) {
    const { at, port } = placed;
    yield* withoutHostPort(placed);
    for (const other of inTheWay(known, port)) {
      const how = conflict(port, other.port);
      if (how) yield `${at}: ${how} port definition with ${other.at}`;
    }
    const { door, host, ip } = partsOf(port);
    for (const key of new Set([door, `${door} ${host}`, `${door} ${host} ${ip}`])) addTo(known, key, placed);
  }
}

const partsOf = ({ containerPort, protocol, hostPort = 0, hostIP = '' }: ContainerPort) => ({
  door: `${containerPort}/${protocol}`,
  host: hostPort,
  ip: hostIP,
});

/** Those that conflict with a port, and few others, in their order. */
function inTheWay(known: Map<string, Placed[]>, port: ContainerPort): Placed[] {
  const { door, host, ip } = partsOf(port);
  if (host === 0) return known.get(door) ?? [];
  const same = ip ? [`${door} ${host} ${ip}`, `${door} ${host} `] : [`${door} ${host}`];
  const found = [`${door} 0`, ...same].flatMap((key) => known.get(key) ?? []);
  return found.sort((a, b) => a.order - b.order);
}

function conflict(a: ContainerPort, b: ContainerPort): string | undefined {
  const [hostA, hostB] = [a.hostPort ?? 0, b.hostPort ?? 0];
  const [ipA, ipB] = [a.hostIP ?? '', b.hostIP ?? ''];
  if (ipA === ipB && hostA === hostB) return 'duplicate';
  if (hostA === 0 || hostB === 0) return 'overlapping';
  return hostA === hostB && (ipA === '') !== (ipB === '') ? 'dangerously ambiguous' : undefined;
}

/** Go prints the port as the struct it is there. */
const withoutHostPort = ({ at, port: { name = '', containerPort, protocol, hostPort, hostIP } }: Placed) =>
  hostIP && !hostPort
    ? [
        `${at}: hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`,
      ]
    : [];

function names(all: Placed[]): string[] {
  const known = new Map<string, string>();
  return all.flatMap(({ at, port: { name } }) => {
    if (!name) return [];
    const other = known.get(name);
    if (other === undefined) known.set(name, at);
    const uses = `services and probes that select ports by name will use ${other}`;
    return other === undefined
      ? []
      : [`${at}: duplicate port name ${JSON.stringify(name)} with ${other}, ${uses}`];
  });
}
