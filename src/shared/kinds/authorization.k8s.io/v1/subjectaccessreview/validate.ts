import type { Cause } from '../../../../errors/apiError.ts';
import type { SubjectAccessReview, SubjectAccessReviewSpec } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { validAttributes, validMetadata } from '../selfsubjectaccessreview/validate.ts';

export const validate = ({ metadata, spec }: SubjectAccessReview): Cause[] => [
  ...validSpec(spec),
  ...validMetadata(metadata),
];

/** About either a resource or a path, and about somebody. */
export function validSpec(spec: SubjectAccessReviewSpec): Cause[] {
  const causes = validAttributes(spec);
  if (spec.user || spec.groups?.length) return causes;
  return [...causes, invalidValue('spec.user', '', 'at least one of user or group must be specified')];
}
