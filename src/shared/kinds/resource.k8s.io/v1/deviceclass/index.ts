import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { DeviceClass } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const deviceClass: Kind<DeviceClass> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  singular: 'deviceclass',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('DeviceClass'),
  generation: 'spec',
  nameRule: 'longName',
  prepareForCreate: dropDisabled,
  prepareForUpdate: dropDisabled,
  validate,
  deleteAnswers: 'object',
  columns: [nameColumn, ageColumn],
};

/** Extended resources of devices are off in this version. */
function dropDisabled({ spec }: DeviceClass): void {
  delete spec.extendedResourceName;
}
