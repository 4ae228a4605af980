import type { Kind } from '../../../kind.ts';
import { createdAtColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { CSIStorageCapacity } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate, warnings } from './validate.ts';

export const csiStorageCapacity: Kind<CSIStorageCapacity> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  singular: 'csistoragecapacity',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('CSIStorageCapacity'),
  needsRevision: true,
  validate,
  warnings,
  // Kubernetes has columns for the kind, and forgets to use them.
  columns: [nameColumn, createdAtColumn],
};
