import type { Service, ServiceSpec } from '../../../schema/types.ts';
import { isIPv6 } from '../../../validation/ipSyntax.ts';
import { isSame } from '../../../validation/same.ts';
import {
  hasClusterIP,
  hasHealthCheckNodePort,
  hasNodePorts,
  isExternal,
  isLoadBalancer,
  needsNodePorts,
} from './types.ts';

/** A caller may give the first address alone. */
export function prepareForCreate({ spec }: Service): void {
  if (spec?.type === 'ExternalName') delete spec.internalTrafficPolicy;
  if (spec?.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
}

/**
 * What was allocated stays when the caller says nothing of it. When a Service changes its type, fields that the new
 * type has no use for and that the caller left as they were go away; a field that the caller changed as well stays,
 * for validation to complain about.
 */
export function prepareForUpdate(service: Service, old: Service): void {
  const { spec } = service;
  if (!spec || !old.spec) return;
  if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy;
  keepAllocated(spec, old.spec);
  dropUnused(spec, old.spec);
  if (spec.type !== 'LoadBalancer' && service.status?.loadBalancer?.ingress) service.status.loadBalancer = {};
}

function keepAllocated(spec: ServiceSpec, old: ServiceSpec): void {
  const keepsAddresses = hasClusterIP(spec) && hasClusterIP(old);
  if (keepsAddresses) keepAddresses(spec, old);
  alignAddresses(spec, old);
  if (keepsAddresses) keepFamilies(spec, old);
  if (needsNodePorts(spec) && needsNodePorts(old)) keepNodePorts(spec, old);
  if (hasHealthCheckNodePort(spec) && hasHealthCheckNodePort(old) && !spec.healthCheckNodePort) {
    if (old.healthCheckNodePort) spec.healthCheckNodePort = old.healthCheckNodePort;
  }
}

function keepAddresses(spec: ServiceSpec, old: ServiceSpec): void {
  if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
  if (!spec.clusterIPs?.length && old.clusterIPs) spec.clusterIPs = old.clusterIPs;
}

/** A caller may say one of the two fields of addresses alone, and mean both. */
function alignAddresses(spec: ServiceSpec, old: ServiceSpec): void {
  const [said = '', known = ''] = [spec.clusterIP, old.clusterIP];
  if (said === known) {
    if (!spec.clusterIPs?.length && old.clusterIPs?.length) spec.clusterIPs = old.clusterIPs;
  } else if (hasSameAddresses(spec, old)) {
    if (said) spec.clusterIPs = [said];
    else delete spec.clusterIPs;
  }
}

const hasSameAddresses = ({ clusterIPs = [] }: ServiceSpec, old: ServiceSpec): boolean =>
  isSame(clusterIPs, old.clusterIPs ?? []);

function keepFamilies(spec: ServiceSpec, old: ServiceSpec): void {
  // An address of another family speaks for itself.
  if (old.ipFamilies && !spec.clusterIPs?.some(isIPv6)) spec.ipFamilies ??= old.ipFamilies;
  if (old.ipFamilyPolicy) spec.ipFamilyPolicy ??= old.ipFamilyPolicy;
}

/** Ports are known by their names; a node port that another port has taken is gone. */
function keepNodePorts({ ports = [] }: ServiceSpec, old: ServiceSpec): void {
  const taken = new Set(ports.map(({ nodePort }) => nodePort));
  const known = new Map(old.ports?.map(({ name = '', nodePort }) => [name, nodePort]));
  for (const port of ports) {
    const before = known.get(port.name ?? '');
    if (!port.nodePort && before && !taken.has(before)) port.nodePort = before;
  }
}

function dropUnused(spec: ServiceSpec, old: ServiceSpec): void {
  const drop = (needs: (spec: ServiceSpec) => boolean, ...fields: (keyof ServiceSpec)[]) => {
    if (!needs(old) || needs(spec)) return;
    if (fields.every((f) => isSame(spec[f], old[f]))) for (const field of fields) delete spec[field];
  };
  // Before externalTrafficPolicy, on which it depends.
  drop(hasHealthCheckNodePort, 'healthCheckNodePort');
  if (hasClusterIP(old) && !hasClusterIP(spec) && hasSameAddresses(spec, old)) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  drop(hasClusterIP, 'ipFamilies');
  drop(hasClusterIP, 'ipFamilyPolicy');
  if (hasNodePorts(old) && !hasNodePorts(spec)) dropNodePorts(spec, old);
  drop(isLoadBalancer, 'allocateLoadBalancerNodePorts');
  drop(isLoadBalancer, 'loadBalancerClass');
  drop(isExternal, 'externalTrafficPolicy');
}

/** Ports may come and go, as long as none has a node port that the Service did not have. */
function dropNodePorts({ ports = [] }: ServiceSpec, old: ServiceSpec): void {
  const known = new Set(old.ports?.map(({ nodePort }) => nodePort));
  if (ports.some(({ nodePort }) => nodePort && !known.has(nodePort))) return;
  for (const port of ports) delete port.nodePort;
}
