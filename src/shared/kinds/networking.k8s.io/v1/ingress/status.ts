import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { Ingress } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { legacyIP } from '../../../validation/legacyIP.ts';
import { checked } from '../../../validation/rules.ts';

/** Addresses that a load balancer has given the Ingress; an odd one that stands there already may stay. */
export function validateStatus({ status }: Ingress, old: Ingress): Cause[] {
  const known = (old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }, i) => {
    const at = `status.loadBalancer.ingress[${i}]`;
    const causes = ip && !known.includes(ip) ? legacyIP(`${at}.ip`, ip) : [];
    if (!hostname) return causes;
    addAll(causes, checked(`${at}.hostname`, hostname, dns1123SubdomainProblems));
    if (legacyIP('', hostname).length === 0)
      causes.push(invalidValue(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
    return causes;
  });
}
