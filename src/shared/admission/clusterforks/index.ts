import { ApiError } from '../../errors/apiError.ts';
import { conflict, invalid } from '../../errors/common.ts';
import { resourceName } from '../../kinds/kind.ts';
import type { LogicalCluster } from '../../kinds/shallop.dev/v1/logicalcluster/types.ts';
import { missing } from '../../kinds/validation/causes.ts';
import type { Storage } from '../../ports/storage.ts';
import type { AdmissionPlugin } from '../plugin.ts';

export interface ClusterForksOptions {
  storage: Pick<Storage, 'get' | 'list'>;
  /** Says whether storage can have a logical cluster begin as another one. */
  hasForks?: boolean;
}

const resource = 'logicalclusters.shallop.dev';

/** A fork needs its base: nobody makes one of what is not there, and a base stays while it has forks. */
export const clusterForks = ({ storage, hasForks = false }: ClusterForksOptions): AdmissionPlugin => ({
  name: 'LogicalClusterForks',
  resources: [resource],
  operations: ['CREATE', 'DELETE'],
  validate: async ({ operation, kind, name, object }) => {
    if (operation === 'DELETE') {
      const forks = await forksOf(storage, name);
      if (!forks.length) return;
      const { group, plural } = kind;
      throw conflict({ group, plural, name }, `it is the base of ${named(forks)}; delete the forks first`);
    }
    const base = (object as LogicalCluster | undefined)?.spec?.base;
    if (base === undefined) return;
    if (!hasForks)
      throw new ApiError(
        'MethodNotAllowed',
        `${resourceName(kind)} with spec.base cannot be created: the storage of this server does not support forks`,
      );
    if (base === 'default') return;
    const stored = await storage.get({ cluster: 'default', resource, namespace: '', name: base });
    const goes = stored && Buffer.from(stored.value).includes('"deletionTimestamp"');
    if (!stored || goes) throw invalid(kind.kind, kind.group, name, [missing('spec.base', base)]);
  },
});

/** Those too that have not begun yet. */
async function forksOf(storage: ClusterForksOptions['storage'], base: string): Promise<string[]> {
  const { items } = await storage.list({ cluster: 'default', resource });
  return items.filter(({ index }) => index.fields?.['spec.base'] === base).map(({ key }) => key.name);
}

const mostNamed = 10;

const named = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} others`;
