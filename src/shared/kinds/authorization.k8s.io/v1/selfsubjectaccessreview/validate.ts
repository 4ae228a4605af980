import type { Cause } from '../../../../errors/apiError.ts';
import type { SelfSubjectAccessReview } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';

/** Asks about either a resource or a path. */
export function validate({ metadata, spec }: SelfSubjectAccessReview): Cause[] {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  const causes: Cause[] = [];
  if (resource && path) {
    causes.push(
      invalidValue(
        'spec.nonResourceAttributes',
        { Path: path.path ?? '', Verb: path.verb ?? '' },
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  }
  if (!resource && !path) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    causes.push(invalidValue('spec.resourceAttributes', null, why));
  }
  for (const name of ['fieldSelector', 'labelSelector'] as const) {
    const selector = resource?.[name];
    if (selector) causes.push(...validSelector(`spec.resourceAttributes.${name}`, selector));
  }
  const { managedFields: _, ...rest } = metadata ?? {};
  if (Object.keys(rest).length > 0) causes.push(invalidValue('metadata', metadata, 'must be empty'));
  return causes;
}

function validSelector(field: string, selector: { rawSelector?: string; requirements?: object[] }): Cause[] {
  const { rawSelector, requirements = [] } = selector;
  if (rawSelector && requirements.length > 0) {
    const why = 'may not specified at the same time as requirements';
    return [invalidValue(`${field}.rawSelector`, rawSelector, why)];
  }
  if (rawSelector || requirements.length > 0) return [];
  return [
    required(`${field}.requirements`, `when ${field} is specified, requirements or rawSelector is required`),
  ];
}
