import { inSameUnit } from '../../kinds/core/v1/limitrange/units.ts';
import { amountsOfPod } from '../../kinds/core/v1/pod/amounts.ts';
import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { addAll } from '../../meta/lists.ts';
import { ownValue } from '../../meta/table.ts';

type Amounts = Record<string, string>;

/** Is how many problems anybody reads; thousands of amounts that hundreds of containers lack are millions. */
const mostProblems = 10_000;

/** Returns what a Pod and its containers have beyond the limits, in the words of Kubernetes, up to some thousands. */
export function podProblems({ spec }: Pod, range: LimitRange): string[] {
  if (!spec) return [];
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const found: string[] = [];
  for (const item of range.spec?.limits ?? []) {
    if (item.type === 'Pod')
      addAll(found, problems(item, amountsOfPod(spec, 'requests'), amountsOfPod(spec, 'limits')));
    if (item.type !== 'Container') continue;
    for (const { resources } of containers) {
      addAll(found, problems(item, resources?.requests ?? {}, resources?.limits ?? {}));
      if (found.length > mostProblems) return found;
    }
  }
  return found;
}

/** Claims have requests only. */
export function claimProblems({ spec }: PersistentVolumeClaim, range: LimitRange): string[] {
  const requests = spec?.resources?.requests ?? {};
  return (range.spec?.limits ?? [])
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap(({ type, min, max }) => [
      ...each(min, (name, least) => belowMin(type, name, least, requests, {})),
      ...each(max, (name, most) => {
        const usage = `maximum ${name} usage per ${type} is ${most}`;
        const request = ownValue(requests, name);
        if (request === undefined) return `${usage}.  No request is specified`;
        return isLess(most, request) ? `${usage}, but request is ${request}` : undefined;
      }),
    ]);
}

const problems = (item: LimitRangeItem, requests: Amounts, limits: Amounts): string[] => [
  ...each(item.min, (name, least) => belowMin(item.type, name, least, requests, limits)),
  ...each(item.max, (name, most) => aboveMax(item.type, name, most, requests, limits)),
  ...each(item.maxLimitRequestRatio, (name, ratio) => aboveRatio(item.type, name, ratio, requests, limits)),
];

const each = (
  amounts: Amounts = {},
  problem: (name: string, amount: string) => string | undefined,
): string[] => Object.entries(amounts).flatMap(([name, amount]) => problem(name, amount) ?? []);

function isLess(a: string, b: string): boolean {
  const [left = 0, right = 0] = inSameUnit(a, b).values;
  return left < right;
}

function belowMin(type: string, name: string, least: string, requests: Amounts, limits: Amounts) {
  const usage = `minimum ${name} usage per ${type} is ${least}`;
  const [request, limit] = [ownValue(requests, name), ownValue(limits, name)];
  if (request === undefined) return `${usage}.  No request is specified`;
  if (isLess(request, least)) return `${usage}, but request is ${request}`;
  return limit !== undefined && isLess(limit, least) ? `${usage}, but limit is ${limit}` : undefined;
}

function aboveMax(type: string, name: string, most: string, requests: Amounts, limits: Amounts) {
  const usage = `maximum ${name} usage per ${type} is ${most}`;
  const [request, limit] = [ownValue(requests, name), ownValue(limits, name)];
  if (limit === undefined) return `${usage}.  No limit is specified`;
  if (isLess(most, limit)) return `${usage}, but limit is ${limit}`;
  return request !== undefined && isLess(most, request) ? `${usage}, but request is ${request}` : undefined;
}

function aboveRatio(type: string, name: string, most: string, requests: Amounts, limits: Amounts) {
  const usage = `${name} max limit to request ratio per ${type} is ${most}`;
  const [request = '0', limit = '0'] = [ownValue(requests, name), ownValue(limits, name)];
  const [requested = 0, limited = 0] = inSameUnit(request, limit, most).values;
  if (!requested) return `${usage}, but no request is specified or request is 0`;
  if (!limited) return `${usage}, but no limit is specified or limit is 0`;
  const { values, perUnit } = inSameUnit(most);
  const ratio = limited / requested;
  return ratio * perUnit > values[0]! ? `${usage}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
