import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import type { ServiceSpec } from '../../../schema/types.ts';
import { duplicate, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { isIPv6 } from '../../../validation/ipSyntax.ts';
import { legacyIP } from '../../../validation/legacyIP.ts';
import { isHeadless } from './types.ts';

const field = 'spec.clusterIPs';

/** clusterIP and clusterIPs agree, and go with the families. */
export function validAddresses(spec: ServiceSpec): Cause[] {
  if (spec.type === 'ExternalName') return [];
  const { clusterIP, clusterIPs = [] } = spec;
  const invalid = (why: string) => invalidValue(field, clusterIPs, why);
  const causes: Cause[] = [];
  if (clusterIP) {
    if (clusterIPs.length === 0) causes.push(required(field));
    else if (clusterIPs[0] !== clusterIP) causes.push(invalid('first value must match `clusterIP`'));
  } else if (clusterIPs.length > 0) {
    causes.push(invalid('must be empty when `clusterIP` is not specified'));
  }
  addAll(causes, validFamilies(spec));
  const none = clusterIPs[0] === 'None';
  const wrong = none && clusterIPs.length > 1 ? [invalid("'None' must be the first and only value")] : [];
  clusterIPs.forEach((ip, i) => {
    if (i > 0 || !none) addAll(wrong, legacyIP(`${field}[${i}]`, ip));
  });
  addAll(causes, wrong);
  if (clusterIPs.length > 2) causes.push(invalid('may only hold up to 2 values'));
  if (wrong.length > 0) return causes;
  if (clusterIPs.length > 1 && clusterIPs.every(isIPv6) === clusterIPs.some(isIPv6)) {
    causes.push(invalid('may specify no more than one IP for each IP family'));
  }
  return [...causes, ...matchingFamilies(spec)];
}

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

function validFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): Cause[] {
  const causes = ipFamilies.flatMap((family, i) => {
    const at = `spec.ipFamilies[${i}]`;
    const found = families.includes(family) ? [] : [notSupported(at, family, families)];
    return ipFamilies.indexOf(family) < i ? [...found, duplicate(at, family)] : found;
  });
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) {
    causes.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies));
  }
  return causes;
}

function matchingFamilies(spec: ServiceSpec): Cause[] {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  if (isHeadless(spec)) return [];
  return clusterIPs.flatMap((ip, i) => {
    const family = ipFamilies[i];
    if (family === undefined || isIPv6(ip) === (family === 'IPv6')) return [];
    const why = `expected an ${family} value as indicated by \`ipFamilies[${i}]\``;
    return [invalidValue(`${field}[${i}]`, ip, why)];
  });
}
