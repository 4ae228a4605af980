import type { PolicyRule } from '../../kinds/schema/types.ts';
import { addTo } from '../../meta/lists.ts';
import type { Attributes } from '../authorize.ts';

/** Rules of one role, made for looking up: linear in their size, and a request looks only at those of its verb. */
export interface RuleSet {
  rules: readonly PolicyRule[];
  allows(attributes: Asked): boolean;
}

/** Describes what of a request rules speak of. */
export type Asked = Pick<Attributes, 'verb' | 'resource' | 'name' | 'path'>;

interface Compiled {
  groups: Set<string>;
  resources: Set<string>;
  /** Absent: every name. */
  names?: Set<string>;
  paths: readonly string[];
}

const every = '*';

export function ruleSet(rules: readonly PolicyRule[]): RuleSet {
  const byVerb = new Map<string, Compiled[]>();
  for (const rule of rules) {
    const compiled = compile(rule);
    for (const verb of new Set(rule.verbs)) addTo(byVerb, verb, compiled);
  }
  const anyVerb = byVerb.get(every) ?? [];
  return {
    rules,
    allows: (asked) => {
      const covers = (rule: Compiled) =>
        asked.resource ? coversResource(rule, asked) : coversPath(rule, asked);
      return anyVerb.some(covers) || (byVerb.get(asked.verb)?.some(covers) ?? false);
    },
  };
}

const compile = ({ apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): Compiled => ({
  groups: new Set(apiGroups),
  resources: new Set(resources),
  ...(resourceNames?.length && { names: new Set(resourceNames) }),
  paths: nonResourceURLs ?? [],
});

function coversResource({ groups, resources, names }: Compiled, { resource, name = '' }: Asked): boolean {
  const { group, plural, subresource } = resource!;
  if (!groups.has(every) && !groups.has(group)) return false;
  if (names && !names.has(name)) return false;
  if (resources.has(every)) return true;
  if (!subresource) return resources.has(plural);
  return resources.has(`${plural}/${subresource}`) || resources.has(`*/${subresource}`);
}

const coversPath = ({ paths }: Compiled, { path }: Asked): boolean =>
  paths.some((url) => url === path || (url.endsWith(every) && path.startsWith(url.replace(/\*+$/, ''))));
