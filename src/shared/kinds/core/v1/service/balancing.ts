import type { Cause } from '../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import type { ServiceSpec } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validCidr } from '../../../validation/ip.ts';
import { checked, oneOf, portNumber } from '../../../validation/rules.ts';
import { hasClusterIP, hasHealthCheckNodePort, isExternal, isLoadBalancer } from './types.ts';

const onlyBalancers = "may only be used when `type` is 'LoadBalancer'";

export function validBalancing(spec: ServiceSpec): Cause[] {
  const { loadBalancerSourceRanges: ranges = [], loadBalancerClass, allocateLoadBalancerNodePorts } = spec;
  const balances = isLoadBalancer(spec);
  const causes: Cause[] = [];
  // Kubernetes writes this path with a capital letter, and the one below without `spec`.
  const at = 'spec.LoadBalancerSourceRanges';
  if (ranges.length > 0 && !balances) causes.push(forbidden(at, onlyBalancers));
  causes.push(...ranges.flatMap((range, i) => validCidr(`${at}[${i}]`, range.trim())));
  if (allocateLoadBalancerNodePorts !== undefined && !balances) {
    causes.push(forbidden('spec.allocateLoadBalancerNodePorts', onlyBalancers));
  }
  if (allocateLoadBalancerNodePorts === undefined && balances) {
    causes.push(required('allocateLoadBalancerNodePorts'));
  }
  if (loadBalancerClass === undefined) return causes;
  const field = 'spec.loadBalancerClass';
  if (!balances) return [...causes, forbidden(field, onlyBalancers)];
  return [...causes, ...checked(field, loadBalancerClass, qualifiedNameProblems)];
}

const policies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Where traffic may go. The health check port is reserved by admission before this. */
export function validTraffic(spec: ServiceSpec): Cause[] {
  const { externalTrafficPolicy: external, internalTrafficPolicy: internal, trafficDistribution } = spec;
  const field = 'spec.externalTrafficPolicy';
  const causes: Cause[] = [];
  if (isExternal(spec)) causes.push(...oneOf(field, external, policies));
  else if (external) {
    causes.push(invalidValue(field, external, 'may only be set for externally-accessible services'));
  }
  causes.push(...validHealthCheck(spec));
  if (internal !== undefined) causes.push(...oneOf('spec.internalTrafficPolicy', internal, policies));
  else if (hasClusterIP(spec)) causes.push(required('spec.internalTrafficPolicy'));
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution)) {
    causes.push(notSupported('spec.trafficDistribution', trafficDistribution, distributions));
  }
  return causes;
}

function validHealthCheck(spec: ServiceSpec): Cause[] {
  const field = 'spec.healthCheckNodePort';
  const port = spec.healthCheckNodePort;
  if (hasHealthCheckNodePort(spec)) return port ? portNumber(field, port) : [required(field)];
  if (!port) return [];
  const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [invalidValue(field, port, why)];
}
