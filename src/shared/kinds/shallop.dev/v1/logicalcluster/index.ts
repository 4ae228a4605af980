import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import { allVerbs } from '../../../verbs.ts';
import { prepareForCreate } from './strategy.ts';
import type { LogicalCluster } from './types.ts';
import { validate } from './validate.ts';

/** A Kubernetes of its own under /clusters/NAME; served in the cluster `default` only. */
export const logicalCluster: Kind<LogicalCluster> = {
  group: 'shallop.dev',
  version: 'v1',
  kind: 'LogicalCluster',
  plural: 'logicalclusters',
  singular: 'logicalcluster',
  shortNames: ['lc'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('LogicalCluster'),
  nameRule: 'label',
  subresources: { status: true },
  generation: 'spec',
  prepareForCreate,
  validate,
  selectableFields: { 'spec.base': ({ spec }) => spec?.base ?? '' },
  columns: [
    nameColumn,
    column('Status', 'Ready, Pending or Terminating.', ({ metadata, status }) =>
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? 'Pending'),
    ),
    ageColumn,
    wideColumn('Base', 'The logical cluster that it is a fork of.', ({ spec }) => spec?.base ?? '<none>'),
  ],
};
