import type { PolicyRule } from '../../kinds/schema/types.ts';

/**
 * The rights among `wanted` that `held` does not have, one verb on one resource each. Each is compared with whole rules:
 * it is held or not by a single one of them.
 */
export function missingRights(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const owned = held.map(sets);
  const missing: PolicyRule[] = [];
  for (const rule of wanted)
    for (const right of rightsOf(rule)) if (!owned.some((rule) => covers(rule, right))) missing.push(right);
  return missing;
}

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
  return has(rule.resources, resource) || rule.resources.has(resource.replace(/^[^/]*\//, '*/'));
}

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
