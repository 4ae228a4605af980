import type { Service, ServiceSpec } from '../../../schema/types.ts';
import { withoutZeros } from '../../../validation/ipSyntax.ts';
import { hasClusterIP, hasHealthCheckNodePort, hasNodePorts } from './types.ts';

/**
 * Its addresses, which no other logical cluster may have, and node ports, which only count in its own: one manifest can
 * be applied in several. A port that serves two protocols of the Service is one.
 */
export function claims({ spec = {} }: Service, cluster: string): string[] {
  const ports = [...nodePorts(spec), hasHealthCheckNodePort(spec) && spec.healthCheckNodePort];
  const claimed = ports.flatMap((port) => (port ? nodePortClaim(cluster, port) : []));
  return [...new Set([...addresses(spec), ...claimed])];
}

/** A port in `default` is claimed by its number alone, as data folders of earlier versions have it. */
export const nodePortClaim = (cluster: string, port: number | string): string =>
  cluster === 'default' ? String(port) : `${port}@${cluster}`;

const addresses = (spec: ServiceSpec): string[] =>
  hasClusterIP(spec) ? (spec.clusterIPs ?? []).filter((ip) => ip && ip !== 'None').map(withoutZeros) : [];

const nodePorts = (spec: ServiceSpec) =>
  hasNodePorts(spec) ? (spec.ports ?? []).map(({ nodePort }) => nodePort) : [];
