import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import { ownValue } from '../../../../meta/table.ts';
import type { LimitRange, LimitRangeItem } from '../../../schema/types.ts';
import { duplicate, forbidden, invalidValue, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import { isDivisible, validContainerName, validResourceName } from '../pod/validate/resources.ts';
import { inSameUnit } from './units.ts';

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];
const parts = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

export function validate({ spec }: LimitRange): Cause[] {
  const causes: Cause[] = [];
  const seen = new Set<string>();
  for (const [i, item] of (spec?.limits ?? []).entries()) {
    const at = `spec.limits[${i}]`;
    addAll(causes, validType(`${at}.type`, item.type));
    if (seen.has(item.type)) causes.push(duplicate(`${at}.type`, item.type));
    seen.add(item.type);
    addAll(causes, validItem(at, item));
  }
  return causes;
}

function validType(at: string, type: string): Cause[] {
  const causes = checked(at, type, qualifiedNameProblems);
  if (causes.length || type.includes('/') || types.includes(type)) return causes;
  return [invalidValue(at, type, 'must be a standard limit type or fully qualified')];
}

function validItem(at: string, item: LimitRangeItem): Cause[] {
  const causes: Cause[] = [];
  const ofContainers = item.type === 'Pod' || item.type === 'Container';
  const names = new Set<string>();
  for (const part of parts) {
    const given = Object.keys(item[part] ?? {});
    if (item.type === 'Pod' && given.length && part.startsWith('default')) {
      causes.push(forbidden(`${at}.${part}`, "may not be specified when `type` is 'Pod'"));
      continue;
    }
    for (const name of given) {
      addAll(causes, (ofContainers ? validContainerName : validResourceName)(`${at}.${part}[${name}]`, name));
      names.add(name);
    }
  }
  if (item.type === 'PersistentVolumeClaim' && !item.min?.storage && !item.max?.storage) {
    const why = 'either minimum or maximum storage value is required, but neither was provided';
    causes.push(required(`${at}.limits`, why));
  }
  for (const name of [...names].sort()) addAll(causes, consistent(at, name, item));
  return causes;
}

/** What is said of one resource must not contradict itself. */
function consistent(at: string, name: string, item: LimitRangeItem): Cause[] {
  const isPod = item.type === 'Pod';
  const max = ownValue(item.max, name);
  const min = ownValue(item.min, name);
  const limit = isPod ? undefined : ownValue(item.default, name);
  const request = isPod ? undefined : ownValue(item.defaultRequest, name);
  const causes: Cause[] = [];
  const order = (less: Named, more: Named, part: string, shown: string | undefined) => {
    if (less.amount === undefined || more.amount === undefined) return;
    if (compareQuantities(less.amount, more.amount) <= 0) return;
    const why = `${less.what} value ${less.amount} is greater than ${more.what} value ${more.amount}`;
    causes.push(invalidValue(`${at}.${part}[${name}]`, shown, why));
  };
  const [least, most] = [
    { what: 'min', amount: min },
    { what: 'max', amount: max },
  ];
  const usual = { what: 'default request', amount: request };
  order(least, most, 'min', min);
  order(least, usual, 'defaultRequest', request);
  order(usual, most, 'defaultRequest', request);
  order(usual, { what: 'default limit', amount: limit }, 'defaultRequest', request);
  order(least, { what: 'default', amount: limit }, 'default', min);
  order({ what: 'default', amount: limit }, most, 'default', max);
  addAll(causes, validRatio(`${at}.maxLimitRequestRatio[${name}]`, item, name));
  if (
    limit !== undefined &&
    request !== undefined &&
    !isDivisible(name) &&
    compareQuantities(limit, request)
  ) {
    const why = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
    causes.push(invalidValue(`${at}.defaultRequest[${name}]`, request, why));
  }
  return causes;
}

interface Named {
  what: string;
  amount: string | undefined;
}

function validRatio(at: string, { maxLimitRequestRatio, max, min }: LimitRangeItem, name: string): Cause[] {
  const ratio = ownValue(maxLimitRequestRatio, name);
  if (ratio === undefined) return [];
  const causes: Cause[] = [];
  if (compareQuantities(ratio, '1') < 0)
    causes.push(invalidValue(at, ratio, `ratio ${ratio} is less than 1`));
  const [most, least] = [ownValue(max, name), ownValue(min, name)];
  if (most === undefined || least === undefined) return causes;
  const { values, perUnit } = inSameUnit(ratio, least, most);
  const [wanted = 0, low = 0, high = 0] = values;
  if (wanted / perUnit > high / low)
    causes.push(
      invalidValue(at, ratio, `ratio ${ratio} is greater than max/min = ${(high / low).toFixed(6)}`),
    );
  return causes;
}
