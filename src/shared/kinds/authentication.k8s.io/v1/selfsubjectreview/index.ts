import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { SelfSubjectReview } from '../../../schema/types.ts';

/** Asks who the caller is: `kubectl auth whoami`. */
export const selfSubjectReview: Kind<SelfSubjectReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  namespaced: false,
  verbs: ['create'],
  schema: goSchema('SelfSubjectReview'),
  virtual: 'review',
  columns: [nameColumn, ageColumn],
};
