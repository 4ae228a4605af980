import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Lease } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const lease: Kind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Lease'),
  validate,
  needsRevision: true,
  columns: [
    nameColumn,
    column('Holder', 'Who holds it.', ({ spec }) => spec?.holderIdentity ?? ''),
    ageColumn,
  ],
};
