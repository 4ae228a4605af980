import type { Container, ContainerPort } from '../../../../schema/types.ts';
import { most } from './most.ts';

type Placed = { at: string; port: ContainerPort };

/** Ports that stand in each other's way, in one container or in several. */
export function portWarnings(containers: [string, Container][]): string[] {
  const all = containers.flatMap(([path, { ports = [] }]) =>
    ports.map((port, i): Placed => ({ at: `${path}.ports[${i}]`, port })),
  );
  return all.length < 2 ? all.flatMap(withoutHostPort) : [...most(doors(all)), ...names(all)];
}

function* doors(all: Placed[]): Generator<string> {
  const known = new Map<string, Placed[]>();
  for (const placed of all) {
    const { at, port } = placed;
    const key = `${port.containerPort}/${port.protocol}`;
    yield* withoutHostPort(placed);
    const others = known.get(key) ?? [];
    for (const other of others) {
      const how = conflict(port, other.port);
      if (how) yield `${at}: ${how} port definition with ${other.at}`;
    }
    others.push(placed);
    known.set(key, others);
  }
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
