/** Groups of other servers beside those of this one. */
import type { APIService } from '../../kinds/schema/types.ts';
import type { DiscoveredVersion } from '../aggregation/discovered.ts';
import type { aggregated } from './aggregated.ts';
import type { apiGroup, apiGroups } from './legacy.ts';

type Groups = ReturnType<typeof apiGroups>;
type Group = NonNullable<ReturnType<typeof apiGroup>>;

const namesOf = (remotes: readonly APIService[]): string[] => [
  ...new Set(remotes.map(({ spec }) => spec?.group ?? '')),
];

/** The answer of /apis with the groups of other servers. */
export const groupsWithRemotes = (list: Groups, remotes: readonly APIService[]): Groups => ({
  ...list,
  groups: [
    ...list.groups.map((group) => withVersions(group, group.name, remotes)),
    ...namesOf(remotes)
      .filter((name) => !list.groups.some((group) => group.name === name))
      .map((name) => withVersions(undefined, name, remotes)),
  ],
});

/** The answer of /apis/<group>; undefined when nobody serves it. */
export function groupWithRemotes(
  own: Group | undefined,
  name: string,
  remotes: readonly APIService[],
): Group | undefined {
  const isThere = own !== undefined || namesOf(remotes).includes(name);
  return isThere ? { kind: 'APIGroup', apiVersion: 'v1', ...withVersions(own, name, remotes) } : undefined;
}

type Facts = Groups['groups'][number];

function withVersions(own: Facts | undefined, name: string, remotes: readonly APIService[]): Facts {
  const further = remotes
    .filter(({ spec }) => spec?.group === name)
    .map(({ spec }) => ({ groupVersion: `${name}/${spec?.version}`, version: spec?.version ?? '' }));
  const versions = [...(own?.versions ?? []), ...further];
  return { name, versions, preferredVersion: own?.preferredVersion ?? versions[0] };
}

type Aggregated = ReturnType<typeof aggregated>;

/** The aggregated document with what other servers said of themselves. */
export function withRemotes(
  document: Aggregated,
  remotes: readonly APIService[],
  found: readonly DiscoveredVersion[],
) {
  const versionsOf = (name: string) => found.filter((_, i) => remotes[i]?.spec?.group === name);
  const known = new Set(document.items.map(({ metadata }) => metadata.name));
  return {
    ...document,
    items: [
      ...document.items.map((item) => ({
        ...item,
        versions: [...item.versions, ...versionsOf(item.metadata.name ?? '')],
      })),
      ...namesOf(remotes)
        .filter((name) => !known.has(name))
        .map((name) => ({ metadata: { name }, versions: versionsOf(name) })),
    ],
  };
}
