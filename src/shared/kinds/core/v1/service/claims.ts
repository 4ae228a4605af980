import type { Service, ServiceSpec } from '../../../schema/types.ts';
import { withoutZeros } from '../../../validation/ipSyntax.ts';
import { hasClusterIP, hasHealthCheckNodePort, hasNodePorts } from './types.ts';

/** Its addresses and node ports. A port that serves two protocols of the Service is one. */
export function claims({ spec = {} }: Service): string[] {
  const ports = [...nodePorts(spec), hasHealthCheckNodePort(spec) && spec.healthCheckNodePort];
  return [...new Set([...addresses(spec), ...ports.flatMap((port) => (port ? String(port) : []))])];
}

const addresses = (spec: ServiceSpec): string[] =>
  hasClusterIP(spec) ? (spec.clusterIPs ?? []).filter((ip) => ip && ip !== 'None').map(withoutZeros) : [];

const nodePorts = (spec: ServiceSpec) =>
  hasNodePorts(spec) ? (spec.ports ?? []).map(({ nodePort }) => nodePort) : [];
