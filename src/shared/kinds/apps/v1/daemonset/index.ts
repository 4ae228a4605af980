import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { DaemonSet } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { templateWarnings } from '../warnings.ts';
import { columns } from './columns.ts';
import { prepareForCreate, prepareForUpdate } from './strategy.ts';
import { validate, validateStatus } from './validate.ts';

/** Keeps a Pod on every Node. */
export const daemonSet: Kind<DaemonSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('DaemonSet'),
  subresources: { status: true },
  generation: 'spec',
  prepareForCreate,
  prepareForUpdate,
  validate,
  validateStatus,
  warnings: templateWarnings,
  columns,
};
