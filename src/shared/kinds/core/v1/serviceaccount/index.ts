import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ServiceAccount } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';

export const serviceAccount: Kind<ServiceAccount> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ServiceAccount'),
  subresources: {
    others: [
      {
        name: 'token',
        group: 'authentication.k8s.io',
        version: 'v1',
        kind: 'TokenRequest',
        verbs: ['create'],
      },
    ],
  },
  columns: [nameColumn, ageColumn],
  deleteAnswers: 'object',
};
