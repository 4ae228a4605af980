import type { Cause } from '../../errors/apiError.ts';
import { addAll } from '../../meta/lists.ts';
import {
  annotationKeyProblems,
  labelValueProblems,
  maxAnnotationsBytes,
  qualifiedNameProblems,
  textsExceed,
} from '../../meta/names.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../schema/types.ts';
import { forbidden, invalidValue, required, tooLong } from './causes.ts';
import { checked } from './rules.ts';

type Map = Record<string, string> | undefined;

/** Returns what is wrong with the keys and values of labels. Both are reported at `field`, as Kubernetes does. */
export const validLabels = (field: string, labels: Map): Cause[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...checked(field, key, qualifiedNameProblems),
    ...checked(field, value, labelValueProblems),
  ]);

/** Returns what is wrong with the keys of annotations and with their size all together. */
export function validAnnotations(field: string, annotations: Map = {}): Cause[] {
  const causes = Object.keys(annotations).flatMap((key) => checked(field, key, annotationKeyProblems));
  if (textsExceed(annotations, maxAnnotationsBytes)) causes.push(tooLong(field, maxAnnotationsBytes));
  return causes;
}

/** A selector of labels, without regard to what it selects. */
export function validSelector(field: string, selector: LabelSelector | undefined): Cause[] {
  if (!selector) return [];
  return [
    ...validLabels(`${field}.matchLabels`, selector.matchLabels),
    ...(selector.matchExpressions ?? []).flatMap((r, i) =>
      validRequirement(`${field}.matchExpressions[${i}]`, r),
    ),
  ];
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Returns whether the selector can be applied at all. */
export const isApplicable = (selector: LabelSelector | undefined): boolean =>
  (selector?.matchExpressions ?? []).every(
    (r) =>
      operators.includes(r.operator) &&
      (r.operator.endsWith('In') ? !!r.values?.length : !r.values?.length) &&
      qualifiedNameProblems(r.key).length === 0 &&
      (r.values ?? []).every((v) => labelValueProblems(v).length === 0),
  ) &&
  Object.entries(selector?.matchLabels ?? {}).every(
    ([key, value]) => qualifiedNameProblems(key).length === 0 && labelValueProblems(value).length === 0,
  );

function validRequirement(field: string, { key, operator, values = [] }: LabelSelectorRequirement): Cause[] {
  const causes: Cause[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be specified when `operator` is 'In' or 'NotIn'";
    if (values.length === 0) causes.push(required(`${field}.values`, why));
  } else if (operators.includes(operator)) {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) causes.push(forbidden(`${field}.values`, why));
  } else {
    causes.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  }
  addAll(causes, checked(`${field}.key`, key, qualifiedNameProblems));
  values.forEach((v, i) => {
    addAll(causes, checked(`${field}.values[${i}]`, v, labelValueProblems));
  });
  return causes;
}
