/** This cluster has one network, of IPv4 addresses. */

import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import type { ServiceSpec } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { isIPv6 } from '../../../validation/ipSyntax.ts';
import { isHeadless } from './types.ts';

/** A headless Service that selects nothing may be of any family: others say where it leads. */
const isFree = (spec: ServiceSpec): boolean =>
  isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;

/** Fills in what the Service gets when it says nothing. */
export function chooseFamilies(spec: ServiceSpec): void {
  if (isFree(spec) && !spec.ipFamilies?.length) {
    spec.ipFamilyPolicy ??= 'RequireDualStack';
    spec.ipFamilies = spec.ipFamilyPolicy === 'SingleStack' ? ['IPv4'] : ['IPv4', 'IPv6'];
  }
  spec.ipFamilyPolicy ??= 'SingleStack';
  spec.ipFamilies ??= ['IPv4'];
}

/** Returns what is wrong with the IP families of a Service: this cluster has only IPv4. */
export function dualStack(spec: ServiceSpec): Cause[] {
  const { ipFamilies = [], ipFamilyPolicy: policy = 'SingleStack', clusterIPs = [] } = spec;
  if (spec.type === 'ExternalName' || isFree(spec)) return [];
  const field = 'spec.ipFamilyPolicy';
  if (policy === 'SingleStack') {
    const several = ipFamilies.length > 1 ? 'IP families' : clusterIPs.length > 1 ? 'cluster IPs' : '';
    const why = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${several} are specified`;
    if (several) return [invalidValue(field, policy, why)];
  }
  const causes =
    policy === 'RequireDualStack'
      ? [invalidValue(field, policy, 'this cluster is not configured for dual-stack services')]
      : [];
  const foreign = ipFamilies.flatMap((family, i) =>
    family === 'IPv4'
      ? []
      : [invalidValue(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster')],
  );
  addAll(causes, foreign);
  if (causes.length > 0) return causes;
  return clusterIPs.flatMap((ip, i) =>
    isIPv6(ip)
      ? [invalidValue(`spec.clusterIPs[${i}]`, clusterIPs, 'IPv6 is not configured on this cluster')]
      : [],
  );
}
