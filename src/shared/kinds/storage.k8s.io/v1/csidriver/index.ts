import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { CSIDriver } from '../../../schema/types.ts';
import { isSame } from '../../../validation/same.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, warnings } from './validate.ts';

export const csiDriver: Kind<CSIDriver> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  singular: 'csidriver',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('CSIDriver'),
  // As in Kubernetes its generation counts changes from nothing: a new one has none.
  prepareForUpdate: ({ metadata, spec }, old) => {
    if (isSame(spec, old.spec)) return;
    let count = old.metadata.generation ?? 0;
    // Not by a sum: a bigint takes this as well.
    metadata.generation = ++count;
  },
  needsRevision: true,
  deleteAnswers: 'object',
  validate,
  warnings,
  columns,
};
