import type { PolicyRule } from '../../kinds/schema/types.ts';
import { addTo } from '../../meta/lists.ts';

/** Is how many rights that are not held anybody reads of. */
const mostMissing = 1_000;
/** Is how many comparisons take half a second; no role that anybody needs takes as many. */
const mostCompared = 500_000;

/** Says that roles stand for more rights than can be compared. */
export class TooManyRights extends Error {}

/**
 * The rights among `wanted` that `held` does not have, one verb on one resource each, up to a thousand. Each is compared
 * with whole rules: it is held or not by a single one of them. Throws TooManyRights.
 */
export function missingRights(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const candidates = index(held.map(sets));
  const missing: PolicyRule[] = [];
  let compared = 0;
  const isHeld = (right: PolicyRule) =>
    candidates(right).some((rules) =>
      rules.some((rule) => {
        compared += 1 + rule.paths.length;
        if (compared > mostCompared) throw new TooManyRights();
        return covers(rule, right);
      }),
    );
  for (const rule of wanted)
    for (const right of rightsOf(rule)) {
      compared++;
      if (isHeld(right)) continue;
      if (missing.push(right) >= mostMissing) return missing;
    }
  return missing;
}

type Lists = Map<string, Sets[]>;

/** Makes a function that finds the few rules which may cover a right: by what is rarest of what it names. */
function index(rules: readonly Sets[]): (right: PolicyRule) => Sets[][] {
  const verbs = listed(rules, (rule) => rule.verbs);
  const groups = listed(rules, (rule) => rule.groups);
  const resources = listed(rules, (rule) => rule.resources);
  const names = listed(rules, (rule) => (rule.names.size ? rule.names : new Set(['*'])));
  return (right) => {
    const [verb = ''] = right.verbs;
    const byVerb = found(verbs, verb);
    if (right.nonResourceURLs) return byVerb;
    const [[group = ''], [resource = ''], [name = '*']] = [
      right.apiGroups ?? [],
      right.resources ?? [],
      right.resourceNames ?? [],
    ];
    return [found(groups, group), found(resources, resource, ofAny(resource)), found(names, name)].reduce(
      (least, each) => (amount(each) < amount(least) ? each : least),
      byVerb,
    );
  };
}

function listed(rules: readonly Sets[], valuesOf: (rule: Sets) => Set<string>): Lists {
  const lists: Lists = new Map();
  for (const rule of rules) for (const value of valuesOf(rule)) addTo(lists, value, rule);
  return lists;
}

const found = (lists: Lists, ...values: string[]): Sets[][] =>
  [...values, '*'].flatMap((value) => {
    const list = lists.get(value);
    return list ? [list] : [];
  });

const amount = (lists: Sets[][]): number => lists.reduce((sum, { length }) => sum + length, 0);

interface Sets {
  verbs: Set<string>;
  groups: Set<string>;
  resources: Set<string>;
  names: Set<string>;
  paths: readonly string[];
}

const sets = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): Sets => ({
  verbs: new Set(verbs),
  groups: new Set(apiGroups),
  resources: new Set(resources),
  names: new Set(resourceNames),
  paths: nonResourceURLs ?? [],
});

/** A rule as its single rights, made one by one: a small rule may stand for very many. */
function* rightsOf(rule: PolicyRule): Generator<PolicyRule> {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length ? resourceNames : [undefined];
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs)
        for (const name of names)
          yield {
            apiGroups: [group],
            resources: [resource],
            verbs: [verb],
            ...(name !== undefined && { resourceNames: [name] }),
          };
  for (const url of nonResourceURLs)
    for (const verb of verbs) yield { nonResourceURLs: [url], verbs: [verb] };
}

const has = (set: Set<string>, value: string | undefined) =>
  value === undefined || set.has('*') || set.has(value);

function covers(rule: Sets, { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule) {
  if (!has(rule.verbs, verbs[0]) || !has(rule.groups, apiGroups?.[0])) return false;
  const [name] = resourceNames ?? [];
  if (rule.names.size && (name === undefined || !rule.names.has(name))) return false;
  const [url] = nonResourceURLs ?? [];
  if (url !== undefined) return rule.paths.some((path) => coversPath(path, url));
  const [resource = ''] = resources ?? [];
  return has(rule.resources, resource) || rule.resources.has(ofAny(resource));
}

// What rules name that hold for this subresource of every resource.
const ofAny = (resource: string): string => resource.replace(/^[^/]*\//, '*/');

const coversPath = (path: string, wanted: string): boolean =>
  path === wanted || (path.endsWith('*') && wanted.startsWith(path.replace(/\*+$/, '')));

/** Rights on one resource that differ by their verb stand in one line. Sorted, as a real server lists them. */
export function rightsText(rights: readonly PolicyRule[]): string {
  const compact = Map.groupBy(rights, ({ verbs: _verbs, ...rest }) => JSON.stringify(rest));
  const lines = [...compact.values()].flatMap((same) => {
    const [first] = same;
    if (first!.nonResourceURLs) return same.map(lineOf);
    return [lineOf({ ...first!, verbs: same.flatMap(({ verbs }) => verbs) })];
  });
  return [...new Set(lines)].sort().join('\n');
}

function lineOf({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const texts = Object.entries(parts).flatMap(([name, values]) =>
    values?.length ? [`${name}:${quotedList(values)}`] : [],
  );
  return `{${texts.join(', ')}}`;
}

/** As Go prints a list of strings with %q. */
export const quotedList = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
