import type { Kind } from '../../kinds/kind.ts';

type Index = ReadonlyMap<string, ReadonlyMap<string, readonly Kind[]>>;
const indexes = new WeakMap<readonly Kind[], Index>();

/** The kinds by group and version, looked at once for each list of them: a definition may have thousands of versions. */
function indexOf(kinds: readonly Kind[]): Index {
  const found = indexes.get(kinds) ?? indexed(kinds);
  indexes.set(kinds, found);
  return found;
}

const indexed = (kinds: readonly Kind[]): Index =>
  new Map(
    [...Map.groupBy(kinds, ({ group }) => group)].map(([group, own]) => [
      group,
      Map.groupBy(own, ({ version }) => version),
    ]),
  );

/** Returns each group once, in the order in which the kinds first name it. */
export const groupsOf = (kinds: readonly Kind[]) => [...indexOf(kinds).keys()];

/** Returns each version of a group once, in the order of the kinds: the preferred one comes first. */
export const versionsOf = (kinds: readonly Kind[], group: string) => [
  ...(indexOf(kinds).get(group)?.keys() ?? []),
];

/** Returns the kinds of one group and version, sorted by their plural names. */
export const resourcesOf = (kinds: readonly Kind[], group: string, version: string) =>
  [...(indexOf(kinds).get(group)?.get(version) ?? [])].sort((a, b) => (a.plural < b.plural ? -1 : 1));

/** Describes a subresource as discovery shows it. */
export interface Subresource {
  name: string;
  /** Group of the kind it speaks; group and version are absent when they are those of the resource. */
  group?: string;
  version?: string;
  kind: string;
  verbs: string[];
}

/**
 * Returns what a kind declares as subresources, sorted by name; `scale` and `status` have the verbs get, patch,
 * update.
 */
export function subresourcesOf({ kind, group, version, subresources }: Kind): Subresource[] {
  const { status, scale, others = [] } = subresources ?? {};
  const change = ['get', 'patch', 'update'];
  const found: Subresource[] = others.map((other) => ({
    name: other.name,
    ...((other.group !== group || other.version !== version) && {
      group: other.group,
      version: other.version,
    }),
    kind: other.kind,
    verbs: [...other.verbs].sort(),
  }));
  if (scale) found.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: change });
  if (status) found.push({ name: 'status', kind, verbs: change });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
