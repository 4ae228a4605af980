import { isDeepStrictEqual } from 'node:util';
import type { Service, ServiceSpec } from '../../../schema/types.ts';

/**
 * When a Service changes its type, fields that the new type has no use for and that the caller left as they were
 * go away; a field that the caller changed as well stays, for validation to complain about.
 */
export function prepareForUpdate(service: Service, old: Service): void {
  const { spec } = service;
  if (!spec || !old.spec) return;
  dropUnused(spec, old.spec);
  if (spec.type !== 'LoadBalancer' && service.status?.loadBalancer?.ingress) service.status.loadBalancer = {};
}

function dropUnused(spec: ServiceSpec, old: ServiceSpec): void {
  const drop = (needs: (spec: ServiceSpec) => boolean, ...fields: (keyof ServiceSpec)[]) => {
    if (!needs(old) || needs(spec)) return;
    if (fields.every((f) => isDeepStrictEqual(spec[f], old[f])))
      for (const field of fields) delete spec[field];
  };
  drop(hasClusterIP, 'clusterIP', 'clusterIPs');
  drop(hasClusterIP, 'ipFamilies');
  drop(hasClusterIP, 'ipFamilyPolicy');
  if (hasNodePorts(old) && !hasNodePorts(spec)) dropNodePorts(spec, old);
  drop(hasHealthCheckNodePort, 'healthCheckNodePort');
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

const hasClusterIP = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';
const isLoadBalancer = ({ type }: ServiceSpec): boolean => type === 'LoadBalancer';
const hasNodePorts = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';
const hasHealthCheckNodePort = (spec: ServiceSpec): boolean =>
  isLoadBalancer(spec) && spec.externalTrafficPolicy === 'Local';
const isExternal = (spec: ServiceSpec): boolean =>
  hasNodePorts(spec) || (spec.type === 'ClusterIP' && !!spec.externalIPs?.length);
