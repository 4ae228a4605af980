import type { Kind } from '../../kinds/kind.ts';
import { groupsOf, resourcesOf, subresourcesOf, versionsOf } from './kinds.ts';

/** APIGroupDiscoveryList: everything a client has to know in one answer. Of the core group, or of all others. */
export const aggregated = (kinds: readonly Kind[], core: boolean) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: groupsOf(kinds)
    .filter((group) => (group === '') === core)
    .map((group) => ({
      metadata: group ? { name: group } : {},
      versions: versionsOf(kinds, group).map((version) => ({
        version,
        resources: resourcesOf(kinds, group, version).map(resource),
        freshness: 'Current',
      })),
    })),
});

/** Empty group and version mean those of the resource itself. */
const responseKind = (kind: string, group = '', version = '') => ({ group, version, kind });

function resource(kind: Kind) {
  const { plural, singular, namespaced, shortNames, categories } = kind;
  const subresources = subresourcesOf(kind).map(({ name, group, version, kind: spoken, verbs }) => ({
    subresource: name,
    responseKind: responseKind(spoken, group, version),
    verbs,
  }));
  return {
    resource: plural,
    responseKind: responseKind(kind.kind),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...kind.verbs].sort(),
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    ...(subresources.length && { subresources }),
  };
}
