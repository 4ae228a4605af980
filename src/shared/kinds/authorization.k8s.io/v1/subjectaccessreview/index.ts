import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { SubjectAccessReview } from '../../../schema/types.ts';
import { validate } from './validate.ts';

/** Asks whether somebody may do one thing. */
export const subjectAccessReview: Kind<SubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  singular: 'subjectaccessreview',
  namespaced: false,
  verbs: ['create'],
  schema: goSchema('SubjectAccessReview'),
  virtual: 'review',
  validate,
  columns: [nameColumn, ageColumn],
};
