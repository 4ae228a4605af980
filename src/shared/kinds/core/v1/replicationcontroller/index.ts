import { warnings } from '../../../apps/v1/warnings.ts';
import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ReplicationController } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';

/** The ReplicaSet of former days: a selector of labels that are equal, and a default for it. */
export const replicationController: Kind<ReplicationController> = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ReplicationController'),
  subresources: {
    status: true,
    scale: {
      specReplicas: 'spec.replicas',
      statusReplicas: 'status.replicas',
      selector: 'spec.selector',
      plainLabels: true,
    },
  },
  generation: 'spec',
  nameRule: 'longName',
  validate,
  validateStatus,
  warnings,
  columns,
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  dependentsOnDelete: { default: 'Orphan' },
};
