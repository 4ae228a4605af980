import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ResourceSlice } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { dropDisabled } from './dropDisabled.ts';
import { validate, warnings } from './validate.ts';

export const resourceSlice: Kind<ResourceSlice> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  singular: 'resourceslice',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('ResourceSlice'),
  generation: 'spec',
  prepareForCreate: ({ spec }) => dropDisabled(spec),
  prepareForUpdate: ({ spec }) => dropDisabled(spec),
  validate,
  warnings,
  unknownField: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.driver': ({ spec }) => spec.driver,
  },
  deleteAnswers: 'object',
  columns: [
    nameColumn,
    column('Node', 'The node that the devices are on.', ({ spec }) => spec.nodeName ?? ''),
    column('Driver', 'Whose devices they are.', ({ spec }) => spec.driver),
    column('Pool', 'The pool that the devices belong to.', ({ spec }) => spec.pool?.name ?? ''),
    ageColumn,
  ],
};
