import type { Cause } from '../../../../errors/apiError.ts';
import type { PriorityClass } from '../../../schema/types.ts';
import { forbidden, notSupported } from '../../../validation/causes.ts';
import { immutable } from '../../../validation/rules.ts';
import { systemClasses } from './systemClasses.ts';

const highestOfUsers = 1_000_000_000;
const policies = ['Never', 'PreemptLowerPriority'];

export function validate(object: PriorityClass, old?: PriorityClass): Cause[] {
  const { value, preemptionPolicy: policy } = object;
  if (old) {
    const changed = value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')];
    return [...changed, ...immutable('preemptionPolicy', policy, old.preemptionPolicy)];
  }
  const causes = validValue(object);
  if (policy !== undefined && !policies.includes(policy))
    causes.push(notSupported('preemptionPolicy', policy, ['Never', 'PreemptLowerPriority']));
  return causes;
}

function validValue({ metadata: { name = '' }, value, globalDefault }: PriorityClass): Cause[] {
  if (!name.startsWith('system-')) {
    const why = `maximum allowed value of a user defined priority is ${highestOfUsers}`;
    return value > highestOfUsers ? [forbidden('value', why)] : [];
  }
  const why = whyNotSystem(name, value, globalDefault);
  if (!why) return [];
  const reserved = "priority class names with 'system-' prefix are reserved for system use only";
  return [forbidden('metadata.name', `${reserved}. error: ${why}`)];
}

function whyNotSystem(name: string, value: number, globalDefault = false): string | undefined {
  const known = systemClasses.find((each) => each.metadata.name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (value !== known.value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
