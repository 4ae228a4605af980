import type { Cause } from '../../../../../errors/apiError.ts';
import type { Container, PodSpec } from '../../../../schema/types.ts';
import { duplicate, invalidValue } from '../../../../validation/causes.ts';

/** Two containers cannot have one port of the node. */
export function conflictingHostPorts(field: string, containers: Container[]): Cause[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ protocol, hostIP = '', hostPort }, j) => {
      if (!hostPort) return [];
      const door = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(door)) return [duplicate(`${field}[${i}].ports[${j}].hostPort`, door)];
      taken.add(door);
      return [];
    }),
  );
}

/** On the host's network both ports are the same thing. In a template the host's may be left to later. */
export function validHostNetworkPorts(field: string, spec: PodSpec, isPod: boolean): Cause[] {
  if (!spec.hostNetwork) return [];
  return spec.containers.flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ hostPort = 0, containerPort = 0 }, j) =>
      (isPod || hostPort !== 0) && hostPort !== containerPort
        ? [
            invalidValue(
              `${field}[${i}].ports[${j}].hostPort`,
              hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ]
        : [],
    ),
  );
}
