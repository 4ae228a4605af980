import type { Cause } from '../../../../errors/apiError.ts';
import type { LocalSubjectAccessReview } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { goPath } from '../selfsubjectaccessreview/validate.ts';
import { validSpec } from '../subjectaccessreview/validate.ts';

export function validate({ metadata, spec }: LocalSubjectAccessReview): Cause[] {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  const causes = validSpec(spec);
  const { namespace = '', managedFields: _, ...rest } = metadata;
  if (Object.keys(rest).length > 0)
    causes.push(invalidValue('metadata', metadata, 'must be empty except for namespace'));
  if (resource && resource.namespace !== namespace) {
    const at = 'spec.resourceAttributes.namespace';
    causes.push(invalidValue(at, resource.namespace ?? '', 'must match metadata.namespace'));
  }
  if (path)
    causes.push(
      invalidValue('spec.nonResourceAttributes', goPath(path), 'disallowed on this kind of request'),
    );
  return causes;
}
