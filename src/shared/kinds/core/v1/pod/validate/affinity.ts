import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from '../../../../../meta/names.ts';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../../../../schema/types.ts';
import { forbidden, invalidValue, required } from '../../../../validation/causes.ts';
import { validSelector } from '../../../../validation/labels.ts';
import { checked } from '../../../../validation/rules.ts';
import { validMatchLabelKeys } from './matchLabelKeys.ts';

/** Returns what is wrong with the affinity of a Pod to Nodes and to other Pods. */
export function validAffinity(field: string, affinity: Affinity | undefined): Cause[] {
  if (!affinity) return [];
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  const causes: Cause[] = [];
  const at = `${field}.nodeAffinity`;
  const needed = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (needed) {
    addAll(causes, validNodeSelector(`${at}.requiredDuringSchedulingIgnoredDuringExecution`, needed));
  }
  const wanted = nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  addAll(
    causes,
    wanted.flatMap(({ weight, preference }, i) => {
      const term = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      return [...validWeight(`${term}.weight`, weight), ...validNodeTerm(`${term}.preference`, preference)];
    }),
  );
  if (podAffinity) addAll(causes, validPodAffinity(`${field}.podAffinity`, podAffinity));
  if (podAntiAffinity) addAll(causes, validPodAffinity(`${field}.podAntiAffinity`, podAntiAffinity));
  return causes;
}

/** A selector of nodes by their labels, or by their name. */
export function validNodeSelector(at: string, { nodeSelectorTerms: terms = [] }: NodeSelector): Cause[] {
  const field = `${at}.nodeSelectorTerms`;
  const causes = terms.length > 0 ? [] : [required(field, 'must have at least one node selector term')];
  return [...causes, ...terms.flatMap((term, i) => validNodeTerm(`${field}[${i}]`, term))];
}

const validWeight = (field: string, weight: number): Cause[] =>
  weight >= 1 && weight <= 100 ? [] : [invalidValue(field, weight, 'must be in the range 1-100')];

const withValues = ['In', 'NotIn'];
const withoutValues = ['Exists', 'DoesNotExist'];
const withOne = ['Gt', 'Lt'];

const validNodeTerm = (
  at: string,
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
): Cause[] => [
  ...matchExpressions.flatMap((r, i) => validExpression(`${at}.matchExpressions[${i}]`, r)),
  ...matchFields.flatMap((r, i) => validFieldRequirement(`${at}.matchFields[${i}]`, r)),
];

function validExpression(field: string, { key, operator, values = [] }: NodeSelectorRequirement): Cause[] {
  const causes: Cause[] = [];
  if (withValues.includes(operator)) {
    const hint = "must be specified when `operator` is 'In' or 'NotIn'";
    if (values.length === 0) causes.push(required(`${field}.values`, hint));
  } else if (withoutValues.includes(operator)) {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) causes.push(forbidden(`${field}.values`, why));
  } else if (withOne.includes(operator)) {
    const hint = "must be specified single value when `operator` is 'Lt' or 'Gt'";
    if (values.length !== 1) causes.push(required(`${field}.values`, hint));
  } else {
    causes.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  }
  addAll(causes, checked(`${field}.key`, key, qualifiedNameProblems));
  return [...causes, ...validValues(`${field}.values`, values, labelValueProblems)];
}

/** Of a node's fields, only the name can be selected. */
function validFieldRequirement(
  field: string,
  { key, operator, values = [] }: NodeSelectorRequirement,
): Cause[] {
  const causes: Cause[] = [];
  if (!withValues.includes(operator)) {
    causes.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const hint = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    causes.push(required(`${field}.values`, hint));
  }
  if (key === 'metadata.name')
    addAll(causes, validValues(`${field}.values`, values, dns1123SubdomainProblems));
  else causes.push(invalidValue(`${field}.key`, key, 'not a valid field selector key'));
  return causes;
}

const validValues = (field: string, values: string[], check: (value: string) => string[]): Cause[] =>
  values.flatMap((value, i) => checked(`${field}[${i}]`, value, check));

function validPodAffinity(field: string, affinity: PodAffinity): Cause[] {
  const needed = affinity.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const wanted = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...needed.flatMap((term, i) =>
      validPodTerm(`${field}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`, term),
    ),
    ...wanted.flatMap(({ weight, podAffinityTerm }, i) => {
      const at = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      return [
        ...validWeight(`${at}.weight`, weight),
        ...validPodTerm(`${at}.podAffinityTerm`, podAffinityTerm),
      ];
    }),
  ];
}

function validPodTerm(field: string, term: PodAffinityTerm): Cause[] {
  const causes = validSelector(`${field}.labelSelector`, term.labelSelector);
  addAll(causes, validSelector(`${field}.namespaceSelector`, term.namespaceSelector));
  for (const name of term.namespaces ?? []) {
    addAll(causes, checked(`${field}.namespace`, name, dns1123LabelProblems));
  }
  const { matchLabelKeys, mismatchLabelKeys, labelSelector, topologyKey: key } = term;
  addAll(causes, validMatchLabelKeys(field, matchLabelKeys, mismatchLabelKeys, labelSelector));
  if (!key) causes.push(required(`${field}.topologyKey`, 'can not be empty'));
  return [...causes, ...checked(`${field}.topologyKey`, key, qualifiedNameProblems)];
}
