import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { LocalSubjectAccessReview } from '../../../schema/types.ts';
import { validate } from './validate.ts';

/** Asks whether somebody may do one thing in a namespace. */
export const localSubjectAccessReview: Kind<LocalSubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  singular: 'localsubjectaccessreview',
  namespaced: true,
  verbs: ['create'],
  schema: goSchema('LocalSubjectAccessReview'),
  virtual: 'review',
  validate,
  columns: [nameColumn, ageColumn],
};
