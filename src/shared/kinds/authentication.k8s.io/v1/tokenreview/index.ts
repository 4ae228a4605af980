import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { TokenReview } from '../../../schema/types.ts';

/** Asks whose token that is: for webhooks and programs that are called with one. */
export const tokenReview: Kind<TokenReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  singular: 'tokenreview',
  namespaced: false,
  verbs: ['create'],
  schema: goSchema('TokenReview'),
  virtual: 'review',
  columns: [nameColumn, ageColumn],
};
