import type { NamedRuleWithOperations } from '../../kinds/schema/types.ts';
import type { Admission } from '../plugin.ts';

/**
 * Describes where the resource of a request is served: as it was asked for, or in another version of the same objects.
 */
export interface Place {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

/** Describes what rules look at in a request. */
export type Asked = Pick<Admission, 'operation' | 'subresource' | 'namespace' | 'name' | 'kind'>;

/** Returns whether a rule of a policy or a webhook covers a request. */
export function ruleCovers(rule: NamedRuleWithOperations, asked: Asked, place: Place): boolean {
  return (
    inScope(rule.scope, asked) &&
    lists(rule.operations, asked.operation) &&
    lists(rule.apiGroups, place.group) &&
    lists(rule.apiVersions, place.version) &&
    (rule.resources ?? []).some((resource) => isResource(resource, place.plural, asked.subresource ?? '')) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(asked.name))
  );
}

const lists = (items: readonly string[] = [], wanted: string): boolean =>
  items.includes('*') || items.includes(wanted);

/** Namespaces themselves count as cluster-scoped. */
function inScope(scope: string | undefined, { kind }: Asked): boolean {
  if (scope === undefined || scope === '*') return true;
  return scope === (kind.namespaced ? 'Namespaced' : 'Cluster');
}

function isResource(resource: string, plural: string, subresource: string): boolean {
  const [, name, sub = ''] = /^([^/]*)(?:\/(.*))?$/s.exec(resource) ?? [];
  return (name === '*' || name === plural) && (sub === '*' || sub === subresource);
}
