import type { Kind } from '../../../kind.ts';
import { ageColumn, integerColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { CSINode } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const csiNode: Kind<CSINode> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  singular: 'csinode',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('CSINode'),
  needsRevision: true,
  deleteAnswers: 'object',
  validate,
  columns: [
    nameColumn,
    integerColumn('Drivers', 'How many drivers the node has.', ({ spec }) => spec.drivers?.length ?? 0),
    ageColumn,
  ],
};
