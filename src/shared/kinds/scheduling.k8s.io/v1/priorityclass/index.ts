import type { Kind } from '../../../kind.ts';
import {
  ageColumn,
  booleanColumn,
  integerColumn,
  nameColumn,
  wideColumn,
} from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { PriorityClass } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const priorityClass: Kind<PriorityClass> = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('PriorityClass'),
  // It has no spec that could change, so its generation never does.
  prepareForCreate: ({ metadata }) => {
    metadata.generation = 1;
  },
  validate,
  columns: [
    nameColumn,
    integerColumn('Value', 'The priority of Pods of the class.', ({ value }) => value),
    booleanColumn('Global-Default', 'Whether Pods without a class have it.', (c) => !!c.globalDefault),
    ageColumn,
    wideColumn('PreemptionPolicy', 'Whether Pods may preempt others.', (c) => c.preemptionPolicy ?? ''),
  ],
};
