/** All definitions of a logical cluster, and the kinds that come of them. */
import type { Kind } from '../kind.ts';
import type { Definition } from './definition.ts';
import { byPreference } from './versions.ts';

/** Is the set of definitions of one logical cluster at one revision. */
export interface Definitions {
  /** In the order of their names. */
  all: readonly Entry[];
  /** Kinds that are served, in the order of groups, preferred versions first. */
  kinds: readonly Kind[];
  find(group: string, version: string, plural: string): Found | undefined;
}

/** A definition with the kinds of its served versions. */
export interface Entry {
  definition: Definition;
  kinds: readonly Kind[];
}

/** Is a definition together with the kind that serves one of its versions. */
export interface Found extends Entry {
  kind: Kind;
}

/** Those are served that are established, whose names nobody else has. */
export function definitionsOf(entries: ReadonlyMap<string, Entry>): Definitions {
  const all = [...entries.values()].sort((a, b) => compare(a.definition.name, b.definition.name));
  const found = new Map<string, Found>();
  for (const entry of all) {
    if (!entry.definition.isEstablished) continue;
    for (const kind of entry.kinds)
      found.set(`${kind.group}/${kind.version}/${kind.plural}`, { ...entry, kind });
  }
  const kinds = [...found.values()]
    .map(({ kind }) => kind)
    .sort(
      (a, b) =>
        compare(a.group, b.group) || byPreference(a.version, b.version) || compare(a.plural, b.plural),
    );
  return {
    all,
    kinds,
    find: (group, version, plural) => found.get(`${group}/${version}/${plural}`),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
