import type { Pod } from '../../../kinds/schema/types.ts';
import { type Filter, meanwhile } from '../plugin.ts';

/** A port of its Node that a Pod asks for. */
export interface HostPort {
  ip: string;
  port: number;
  protocol: string;
}

/** Keeps Pods off Nodes whose ports are taken. */
export const nodePorts: Filter = {
  name: 'NodePorts',
  prepare(pod) {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return undefined;
    return {
      check: ({ ports }) =>
        wanted.some((port) => ports.some((other) => collide(port, other)))
          ? meanwhile("node(s) didn't have free ports for the requested pod ports")
          : undefined,
    };
  },
};

const everyAddress = '0.0.0.0';
const none: HostPort[] = [];
const known = new WeakMap<object, HostPort[]>();

/** The ports of its Node that the containers and sidecars of a Pod ask for. */
export function hostPorts({ spec }: Pod): HostPort[] {
  if (!spec) return none;
  const found = known.get(spec);
  if (found) return found;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...spec.containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, hostIP, protocol = 'TCP' }) =>
      hostPort ? [{ ip: hostIP || everyAddress, port: hostPort, protocol }] : [],
    ),
  );
  const result = ports.length > 0 ? ports : none;
  known.set(spec, result);
  return result;
}

/** Can only one of them have it? */
export const collide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.ip === b.ip || a.ip === everyAddress || b.ip === everyAddress);
