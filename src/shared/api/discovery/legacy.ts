import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { storageVersionHash } from './hash.ts';
import { groupsOf, resourcesOf, subresourcesOf, versionsOf } from './kinds.ts';

/** The answer of /api. `host` is where the client reached this server. */
export const apiVersions = (host: string) => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
});

/** The answer of /apis. */
export const apiGroups = (kinds: readonly Kind[]) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupsOf(kinds)
    .filter((group) => group !== '')
    .map((group) => groupFacts(kinds, group)),
});

/** The answer of /apis/<group>; undefined when there is no such group. */
export const apiGroup = (kinds: readonly Kind[], group: string) =>
  group && groupsOf(kinds).includes(group)
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupFacts(kinds, group) }
    : undefined;

function groupFacts(kinds: readonly Kind[], group: string) {
  const versions = versionsOf(kinds, group).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** The answer of /api/v1 and /apis/<group>/<version>; undefined when there is no such version. */
export function apiResources(kinds: readonly Kind[], group: string, version: string) {
  const resources = resourcesOf(kinds, group, version).flatMap((kind) => entries(kind, kinds));
  if (!resources.length) return undefined;
  const groupVersion = apiVersionOf({ group, version });
  return { kind: 'APIResourceList', ...(group && { apiVersion: 'v1' }), groupVersion, resources };
}

function entries(kind: Kind, kinds: readonly Kind[]) {
  const { plural, singular, namespaced, shortNames, categories } = kind;
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs: [...kind.verbs].sort(),
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    ...(!kind.virtual && { storageVersionHash: storageVersionHash(kind, kinds) }),
  };
  const below = subresourcesOf(kind).map(({ name, group, version, kind: spoken, verbs }) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...(version && { group, version }),
    kind: spoken,
    verbs,
  }));
  return [own, ...below];
}
