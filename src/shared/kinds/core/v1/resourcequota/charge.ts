import type { AnyObject } from '../../../../meta/object.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import { ownValue } from '../../../../meta/table.ts';
import type { ResourceQuota } from '../../../schema/types.ts';
import { type Amounts, added, isZero, only } from '../amounts.ts';
import { isInScopes, type Usage } from './usage.ts';

/** A write as quotas see it. */
export interface Charged {
  usage: Usage;
  object: AnyObject;
  /** Absent for a creation. */
  old?: AnyObject;
  /** What a controller reports is counted, and never refused. */
  isStatus: boolean;
  now: number;
}

/**
 * Returns what a write makes of a quota: why it is refused, or what is used then; undefined when it changes nothing.
 */
export function charge(
  quota: ResourceQuota,
  write: Charged,
): { refusal: string } | { used: Amounts } | undefined {
  const { usage, object, now } = write;
  const { hard = {}, used = {} } = quota.status ?? {};
  const name = quota.metadata.name ?? '';
  const limited = Object.keys(hard).filter((each) => usage.counts(each));
  if (!limited.length || !isInScopes(quota.spec, usage, object)) return undefined;
  const lacking = usage.lacks?.(object, limited);
  if (lacking) return { refusal: `failed quota: ${name}: ${lacking}` };
  if (limited.some((each) => !Object.hasOwn(used, each)))
    return { refusal: `status unknown for quota: ${name}, resources: ${limited.join(',')}` };
  const whole = usage.of(object, now);
  const negative = Object.keys(whole).filter((each) => compareQuantities(whole[each]!, '0') < 0);
  if (negative.length)
    return { refusal: `quota usage is negative for resource(s): ${negative.sort().join(',')}` };
  const requested = only(requestedBy(quota, write, whole), (each) => Object.hasOwn(hard, each));
  if (!Object.keys(requested).length) return undefined;
  return write.isStatus ? { used: sum(used, requested) } : within(name, hard, used, requested);
}

function within(name: string, hard: Amounts, used: Amounts, requested: Amounts) {
  const after = sum(used, requested);
  const exceeded = Object.keys(requested).filter((each) => compareQuantities(after[each]!, hard[each]!) > 0);
  if (!exceeded.length) return { used: after };
  const show = (amounts: Amounts) => exceeded.map((each) => `${each}=${amounts[each] ?? '0'}`).join(',');
  return {
    refusal: `exceeded quota: ${name}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`,
  };
}

/** Returns what is used besides what was before, if that came under the quota; nothing is given back here. */
function requestedBy(quota: ResourceQuota, { usage, old, now }: Charged, whole: Amounts): Amounts {
  const before = old && isInScopes(quota.spec, usage, old) ? usage.of(old, now) : {};
  return Object.fromEntries(
    Object.entries(whole)
      .map(([name, amount]) => [name, added(amount, ownValue(before, name) ?? '0', -1n)] as const)
      .filter(([, amount]) => !isZero(amount) && !amount.startsWith('-')),
  );
}

const sum = (used: Amounts, requested: Amounts): Amounts =>
  only(
    {
      ...used,
      ...Object.fromEntries(
        Object.entries(requested).map(([name, amount]) => [name, added(ownValue(used, name) ?? '0', amount)]),
      ),
    },
    () => true,
  );
