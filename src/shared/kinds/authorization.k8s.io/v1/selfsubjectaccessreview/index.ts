import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { SelfSubjectAccessReview } from '../../../schema/types.ts';
import { validate } from './validate.ts';

/** Asks whether the caller may do one thing: `kubectl auth can-i`. */
export const selfSubjectAccessReview: Kind<SelfSubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  singular: 'selfsubjectaccessreview',
  namespaced: false,
  verbs: ['create'],
  schema: goSchema('SelfSubjectAccessReview'),
  virtual: 'review',
  validate,
  columns: [nameColumn, ageColumn],
};
