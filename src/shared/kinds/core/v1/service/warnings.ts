import { addAll } from '../../../../meta/lists.ts';
import type { Service } from '../../../schema/types.ts';
import { legacyCidrWarnings, legacyIPWarnings } from '../../../validation/legacyIP.ts';

/** Returns what a Service says and nobody looks at. */
export function warnings({ metadata, spec = {} }: Service): string[] {
  const { type, clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP } = spec;
  const { loadBalancerSourceRanges: ranges = [], sessionAffinity, externalName } = spec;
  const found: string[] = [];
  const hints = 'service.kubernetes.io/topology-aware-hints';
  if (metadata.annotations?.[hints] !== undefined) {
    found.push(`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if (type === 'ClusterIP' && clusterIP === 'None') {
    if (loadBalancerIP) found.push('spec.loadBalancerIP is ignored for headless services');
    if (externalIPs.length > 0) found.push('spec.externalIPs is ignored for headless services');
    if (sessionAffinity !== 'None') found.push('spec.SessionAffinity is ignored for headless services');
  } else {
    addAll(
      found,
      clusterIPs.flatMap((ip, i) => legacyIPWarnings(`spec.clusterIPs[${i}]`, ip)),
    );
  }
  addAll(
    found,
    externalIPs.flatMap((ip, i) => legacyIPWarnings(`spec.externalIPs[${i}]`, ip)),
  );
  if (loadBalancerIP) addAll(found, legacyIPWarnings('spec.loadBalancerIP', loadBalancerIP));
  addAll(
    found,
    ranges.flatMap((cidr, i) => legacyCidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, cidr)),
  );
  if (type === 'ExternalName' && externalIPs.length > 0) {
    found.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (type !== 'ExternalName' && externalName) {
    found.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (spec.trafficDistribution === 'PreferClose') {
    found.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return found;
}
