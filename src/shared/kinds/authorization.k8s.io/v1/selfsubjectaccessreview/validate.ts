import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import type {
  NonResourceAttributes,
  ObjectMeta,
  SelfSubjectAccessReview,
  SelfSubjectAccessReviewSpec,
} from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';

export const validate = ({ metadata, spec }: SelfSubjectAccessReview): Cause[] => [
  ...validAttributes(spec),
  ...validMetadata(metadata),
];

/** Asks about either a resource or a path. */
export function validAttributes(spec: SelfSubjectAccessReviewSpec): Cause[] {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  const causes: Cause[] = [];
  if (resource && path) {
    const why = 'cannot be specified in combination with resourceAttributes';
    causes.push(invalidValue('spec.nonResourceAttributes', goPath(path), why));
  }
  if (!resource && !path) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    causes.push(invalidValue('spec.resourceAttributes', null, why));
  }
  for (const name of ['fieldSelector', 'labelSelector'] as const) {
    const selector = resource?.[name];
    if (selector) addAll(causes, validSelector(`spec.resourceAttributes.${name}`, selector));
  }
  return causes;
}

/** As a real server shows it: by the names that its fields have inside. */
export const goPath = ({ path = '', verb = '' }: NonResourceAttributes) => ({ Path: path, Verb: verb });

/** Returns a cause when a review has any metadata but managedFields: reviews are not stored. */
export function validMetadata(metadata: ObjectMeta | undefined): Cause[] {
  const { managedFields: _, ...rest } = metadata ?? {};
  return Object.keys(rest).length > 0 ? [invalidValue('metadata', metadata, 'must be empty')] : [];
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
