import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { LoadBalancerIngress, Service } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { legacyIP } from '../../../validation/legacyIP.ts';
import { checked } from '../../../validation/rules.ts';

/** Addresses that a load balancer has given the Service. */
export function validateStatus({ spec, status }: Service): Cause[] {
  const field = 'status.loadBalancer.ingress';
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (spec?.type !== 'LoadBalancer' && ingress.length > 0) {
    return [forbidden(field, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  return ingress.flatMap((point, i) => validPoint(`${field}[${i}]`, point));
}

const modes = ['Proxy', 'VIP'];

function validPoint(at: string, { ip, ipMode, hostname }: LoadBalancerIngress): Cause[] {
  const causes = ip ? legacyIP(`${at}.ip`, ip) : [];
  const field = `${at}.ipMode`;
  if (ipMode === undefined) {
    if (ip) causes.push(required(field, 'must be specified when `ip` is set'));
  } else if (!ip) causes.push(forbidden(field, 'may not be specified when `ip` is not set'));
  else if (!modes.includes(ipMode)) causes.push(notSupported(field, ipMode, modes));
  if (!hostname) return causes;
  addAll(causes, checked(`${at}.hostname`, hostname, dns1123SubdomainProblems));
  if (legacyIP('', hostname).length === 0) {
    causes.push(invalidValue(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
  }
  return causes;
}
