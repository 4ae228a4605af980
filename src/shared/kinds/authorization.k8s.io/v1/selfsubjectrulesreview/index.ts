import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { SelfSubjectRulesReview } from '../../../schema/types.ts';

/** Asks for everything the caller may do in a namespace: `kubectl auth can-i --list`. */
export const selfSubjectRulesReview: Kind<SelfSubjectRulesReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  singular: 'selfsubjectrulesreview',
  namespaced: false,
  verbs: ['create'],
  schema: goSchema('SelfSubjectRulesReview'),
  virtual: 'review',
  columns: [nameColumn, ageColumn],
};
