import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { StatefulSet } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validateStatus } from './status.ts';
import { prepare } from './strategy.ts';
import { validate } from './validate.ts';
import { warnings } from './warnings.ts';

/** Keeps Pods that each have a name, and perhaps volumes, of their own. */
export const statefulSet: Kind<StatefulSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('StatefulSet'),
  subresources: {
    status: true,
    scale: { specReplicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  },
  generation: 'spec',
  nameRule: 'label',
  prepareForCreate: prepare,
  prepareForUpdate: prepare,
  validate,
  validateStatus,
  warnings,
  columns,
};
