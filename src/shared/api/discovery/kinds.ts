import type { Kind } from '../../kinds/kind.ts';

/** Returns each group once, in the order in which the kinds first name it. */
export const groupsOf = (kinds: readonly Kind[]) => [...new Set(kinds.map(({ group }) => group))];

/** Returns each version of a group once, in the order of the kinds: the preferred one comes first. */
export const versionsOf = (kinds: readonly Kind[], group: string) => [
  ...new Set(kinds.filter((k) => k.group === group).map(({ version }) => version)),
];

/** Returns the kinds of one group and version, sorted by their plural names. */
export const resourcesOf = (kinds: readonly Kind[], group: string, version: string) =>
  kinds
    .filter((k) => k.group === group && k.version === version)
    .sort((a, b) => (a.plural < b.plural ? -1 : 1));

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
