import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { VolumeAttributesClass } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const volumeAttributesClass: Kind<VolumeAttributesClass> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  singular: 'volumeattributesclass',
  shortNames: ['vac'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('VolumeAttributesClass'),
  deleteAnswers: 'object',
  validate,
  columns: [
    nameColumn,
    column('DriverName', 'Who changes volumes of the class.', ({ driverName }) => driverName),
    ageColumn,
  ],
};
