import type { Definitions } from '../kinds/custom/definitions.ts';
import type { Kind } from '../kinds/kind.ts';
import type { AnyObject } from '../meta/object.ts';
import type { Soon } from '../meta/soon.ts';
import type { Turn } from '../meta/steps.ts';
import type { Storage } from '../ports/storage.ts';
import { type Ask, type AskConversion, inVersion } from './custom/convert.ts';
import { versionsOf } from './custom/versioned.ts';
import { type Served, serve } from './served.ts';

/**
 * Finds the kinds that a logical cluster serves. Built-in kinds are found synchronously; kinds of CustomResourceDefinitions
 * follow the definitions as they are stored at the time of the call.
 */
export interface Catalog {
  /** Returns a built-in kind by its place in a path. */
  builtIn(cluster: string, group: string, version: string, plural: string): Served | undefined;
  /** Returns a kind of a CustomResourceDefinition. */
  custom(cluster: string, group: string, version: string, plural: string): Promise<Served | undefined>;
  /** Returns whether built-in kinds are served in this group and version. */
  hasVersion(cluster: string, group: string, version: string): boolean;
  /** Returns the built-in kinds. */
  builtIns(cluster: string): readonly Kind[];
  /** Returns all kinds, built-in ones first. The array stays the same as long as nothing changes. */
  kinds(cluster: string): Promise<readonly Kind[]>;
}

/** LogicalClusters are created and listed in the cluster `default` only. */
const onlyInDefault = 'shallop.dev';

/** Makes the catalog of the built-in kinds and of those that definitions add. */
export function createCatalog(
  all: readonly Kind[],
  storage: Storage,
  definitions: (cluster: string) => Soon<Definitions>,
  askConversion?: AskConversion,
  turn?: Turn,
): Catalog {
  // By the plural alone, which few kinds share: each request looks here, and a joined address would be made for it.
  const served = Map.groupBy(
    all.map((kind) => serve(kind, all)),
    ({ kind }) => kind.plural,
  );
  const elsewhere = all.filter(({ group }) => group !== onlyInDefault);
  const versions = new Set(all.map(({ group, version }) => `${group}/${version}`));
  const builtIns = (cluster: string) => (cluster === 'default' ? all : elsewhere);
  const servedOf = new WeakMap<Kind, Served>();
  const lists = new WeakMap<Definitions, Map<readonly Kind[], readonly Kind[]>>();

  return {
    builtIns,
    builtIn: (cluster, group, version, plural) =>
      group === onlyInDefault && cluster !== 'default'
        ? undefined
        : served.get(plural)?.findLast(({ kind }) => kind.group === group && kind.version === version),

    async custom(cluster, group, version, plural) {
      const found = (await definitions(cluster)).find(group, version, plural);
      if (!found) return undefined;
      const known = servedOf.get(found.kind);
      if (known) return known;
      const { definition, kind, kinds } = found;
      const ask: Ask | undefined = askConversion && ((...asked) => askConversion(cluster, ...asked));
      const made = {
        ...serve(kind, kinds),
        equivalents: kinds.filter((other) => other !== kind),
        convert: (object: AnyObject, _from: Kind, to: Kind) => inVersion(object, to, definition, ask),
        storage: versionsOf(storage, definition, kind, ask, turn),
        isClosed: definition.isTerminating,
      };
      servedOf.set(kind, made);
      return made;
    },

    hasVersion: (cluster, group, version) =>
      (group !== onlyInDefault || cluster === 'default') && versions.has(`${group}/${version}`),

    async kinds(cluster) {
      const custom = await definitions(cluster);
      const own = builtIns(cluster);
      if (custom.kinds.length === 0) return own;
      const known = lists.get(custom) ?? new Map<readonly Kind[], readonly Kind[]>();
      lists.set(custom, known);
      const list = known.get(own) ?? [...own, ...custom.kinds];
      known.set(own, list);
      return list;
    },
  };
}
