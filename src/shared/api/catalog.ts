import type { Kind } from '../kinds/kind.ts';
import { type Served, serve } from './served.ts';

/** Every served kind, found by its place in a path. */
export interface Catalog {
  find(cluster: string, group: string, version: string, plural: string): Served | undefined;
  hasVersion(cluster: string, group: string, version: string): boolean;
  /** Kinds of a logical cluster, in the order of the registry. */
  kinds(cluster: string): readonly Kind[];
}

/** Logical clusters are created and listed in the default one only. */
const onlyInDefault = 'shallop.dev';

export function createCatalog(all: readonly Kind[]): Catalog {
  const address = ({ group, version, plural }: Kind) => `${group}/${version}/${plural}`;
  const served = new Map(all.map((kind) => [address(kind), serve(kind, all)]));
  const elsewhere = all.filter(({ group }) => group !== onlyInDefault);
  const versions = new Set(all.map(({ group, version }) => `${group}/${version}`));
  return {
    find: (cluster, group, version, plural) =>
      group === onlyInDefault && cluster !== 'default'
        ? undefined
        : served.get(`${group}/${version}/${plural}`),
    hasVersion: (cluster, group, version) =>
      (group !== onlyInDefault || cluster === 'default') && versions.has(`${group}/${version}`),
    kinds: (cluster) => (cluster === 'default' ? all : elsewhere),
  };
}
