import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ReplicaSet } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { warnings } from '../warnings.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';

export const replicaSet: Kind<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ReplicaSet'),
  subresources: {
    status: true,
    scale: { specReplicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  },
  generation: 'spec',
  validate,
  validateStatus,
  warnings,
  columns,
};
