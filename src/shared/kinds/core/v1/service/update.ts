import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import type { ServiceSpec } from '../../../schema/types.ts';
import { forbidden, invalidValue } from '../../../validation/causes.ts';
import { hasHealthCheckNodePort, isHeadless, isLoadBalancer } from './types.ts';

/** A Service keeps its addresses; a second one may come and go. */
export function validUpdate(spec: ServiceSpec, old: ServiceSpec): Cause[] {
  const causes: Cause[] = [];
  if (spec.type !== 'ExternalName' && old.type !== 'ExternalName') {
    addAll(causes, keptAddresses(spec, old), keptFamilies(spec, old));
  }
  if (isLoadBalancer(spec) && isLoadBalancer(old) && spec.loadBalancerClass !== old.loadBalancerClass) {
    const value = spec.loadBalancerClass ?? null;
    causes.push(invalidValue('spec.loadBalancerClass', value, 'may not change once set'));
  }
  const checked = hasHealthCheckNodePort(spec) && hasHealthCheckNodePort(old);
  if (checked && spec.healthCheckNodePort !== old.healthCheckNodePort) {
    causes.push(forbidden('spec.healthCheckNodePort', 'field is immutable'));
  }
  return causes;
}

function keptAddresses(spec: ServiceSpec, old: ServiceSpec): Cause[] {
  if (isHeadless(spec) && isHeadless(old)) return [];
  return kept({
    field: 'spec.clusterIPs',
    values: spec.clusterIPs ?? [],
    old: old.clusterIPs ?? [],
    unset: 'primary clusterIP can not be unset',
    secondary: 'clusterIP',
    policy: spec.ipFamilyPolicy,
  });
}

function keptFamilies(spec: ServiceSpec, old: ServiceSpec): Cause[] {
  if (isHeadless(spec) || isHeadless(old)) return [];
  return kept({
    field: 'spec.ipFamilies',
    values: spec.ipFamilies ?? [],
    old: old.ipFamilies ?? [],
    unset: 'primary ipFamily can not be unset',
    secondary: 'ipFamily',
    policy: spec.ipFamilyPolicy,
  });
}

interface Kept {
  field: string;
  values: string[];
  old: string[];
  unset: string;
  secondary: string;
  policy: string | undefined;
}

function kept({ field, values, old, unset, secondary, policy }: Kept): Cause[] {
  const first = `${field}[0]`;
  const changed = (at: string) => invalidValue(at, values, 'may not change once set');
  if (values.length === old.length) {
    return old.flatMap((value, i) => (value === values[i] ? [] : [changed(`${field}[${i}]`)]));
  }
  const causes: Cause[] = [];
  if (values.length === 0) causes.push(invalidValue(first, null, unset));
  if (values.length > 0 && old.length > 0 && values[0] !== old[0]) causes.push(changed(first));
  if (old.length > values.length && values.length === 1 && policy !== 'SingleStack') {
    const why = `must be set to 'SingleStack' when releasing the secondary ${secondary}`;
    causes.push(invalidValue('spec.ipFamilyPolicy', policy ?? null, why));
  }
  return causes;
}
