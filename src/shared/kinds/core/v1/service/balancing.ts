import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import type { Service, ServiceSpec } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validCidr } from '../../../validation/ip.ts';
import { checked, oneOf, portNumber } from '../../../validation/rules.ts';
import { hasClusterIP, hasHealthCheckNodePort, isExternal, isLoadBalancer } from './types.ts';

const onlyBalancers = "may only be used when `type` is 'LoadBalancer'";

/** Returns what is wrong with the load balancer fields of a Service, which other types may not set. */
export function validBalancing({ metadata, spec = {} }: Service): Cause[] {
  const { loadBalancerSourceRanges: ranges = [], loadBalancerClass, allocateLoadBalancerNodePorts } = spec;
  const balances = isLoadBalancer(spec);
  const causes: Cause[] = [];
  // Kubernetes writes this path with a capital letter, and the one below without `spec`.
  const at = 'spec.LoadBalancerSourceRanges';
  if (ranges.length > 0 && !balances) causes.push(forbidden(at, onlyBalancers));
  addAll(
    causes,
    ranges.flatMap((range, i) => validCidr(`${at}[${i}]`, range.trim())),
  );
  addAll(causes, validAnnotation(metadata.annotations?.[rangesAnnotation], ranges.length > 0, balances));
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

/** The older way to say the ranges. */
const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function validAnnotation(text: string | undefined, hasField: boolean, balances: boolean): Cause[] {
  if (text === undefined || hasField) return [];
  const field = `metadata.annotations[${rangesAnnotation}]`;
  const causes = balances ? [] : [forbidden(field, onlyBalancers)];
  if (text.trim() === '') return causes;
  return [...causes, ...text.split(',').flatMap((range) => validCidr(field, range.trim()))];
}

const policies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Checks where traffic may go. The health check port is allocated after this. */
export function validTraffic(spec: ServiceSpec): Cause[] {
  const { externalTrafficPolicy: external, internalTrafficPolicy: internal, trafficDistribution } = spec;
  const field = 'spec.externalTrafficPolicy';
  const causes: Cause[] = [];
  if (isExternal(spec)) addAll(causes, oneOf(field, external, policies));
  else if (external) {
    causes.push(invalidValue(field, external, 'may only be set for externally-accessible services'));
  }
  addAll(causes, validHealthCheck(spec));
  const internalField = 'spec.internalTrafficPolicy';
  if (internal !== undefined && !policies.includes(internal)) {
    causes.push(notSupported(internalField, internal, policies));
  }
  if (internal === undefined && hasClusterIP(spec)) causes.push(required(internalField));
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution)) {
    causes.push(notSupported('spec.trafficDistribution', trafficDistribution, distributions));
  }
  return causes;
}

function validHealthCheck(spec: ServiceSpec): Cause[] {
  const field = 'spec.healthCheckNodePort';
  const port = spec.healthCheckNodePort;
  if (hasHealthCheckNodePort(spec)) return port ? portNumber(field, port) : [];
  if (!port) return [];
  const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [invalidValue(field, port, why)];
}
