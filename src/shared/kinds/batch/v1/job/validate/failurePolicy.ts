import type { Cause } from '../../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../../meta/names.ts';
import type {
  JobSpec,
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from '../../../../schema/types.ts';
import {
  duplicate,
  invalidTogether,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];
const mostRules = 20;
const mostExitCodes = 255;

/** Returns what is wrong with a Pod failure policy; its rules may only name containers of the template. */
export function validFailurePolicy(at: string, spec: JobSpec, { rules = [] }: PodFailurePolicy): Cause[] {
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  return [
    ...(rules.length > mostRules ? [tooMany(`${at}.rules`, rules.length, mostRules)] : []),
    ...rules.flatMap((rule, i) => validRule(`${at}.rules[${i}]`, spec, rule, names)),
  ];
}

function validRule(at: string, spec: JobSpec, rule: PodFailurePolicyRule, names: string[]): Cause[] {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const causes =
    action === 'FailIndex'
      ? spec.backoffLimitPerIndex === undefined
        ? [invalidValue(`${at}.action`, action, 'requires the backoffLimitPerIndex to be set')]
        : []
      : among(`${at}.action`, action, actions);
  if (onExitCodes) causes.push(...validExitCodes(`${at}.onExitCodes`, onExitCodes, names));
  if (onPodConditions.length > 0) causes.push(...validConditions(`${at}.onPodConditions`, onPodConditions));
  if (onExitCodes && onPodConditions.length > 0)
    causes.push(invalidTogether(at, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && onPodConditions.length === 0)
    causes.push(invalidTogether(at, 'specifying one of OnExitCodes and OnPodConditions is required'));
  return causes;
}

/** A word out of a list, which has to be there. */
function among(field: string, value: string | undefined, list: string[]): Cause[] {
  if (!value) return [required(field, `valid values: [${list.map((word) => `"${word}"`).join(' ')}]`)];
  return list.includes(value) ? [] : [notSupported(field, value, list)];
}

function validConditions(at: string, patterns: PodFailurePolicyOnPodConditionsPattern[]): Cause[] {
  return [
    ...(patterns.length > mostRules ? [tooMany(at, patterns.length, mostRules)] : []),
    ...patterns.flatMap(({ type = '', status }, i) => [
      ...checked(`${at}[${i}].type`, type, qualifiedNameProblems),
      ...among(`${at}[${i}].status`, status, statuses),
    ]),
  ];
}

function validExitCodes(
  at: string,
  { operator, containerName, values }: PodFailurePolicyOnExitCodesRequirement,
  names: string[],
): Cause[] {
  const causes = among(`${at}.operator`, operator, operators);
  if (containerName !== undefined && !names.includes(containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template';
    causes.push(invalidValue(`${at}.containerName`, containerName, why));
  }
  const codes = values ?? [];
  if (codes.length === 0) causes.push(invalidValue(`${at}.values`, values, 'at least one value is required'));
  else if (codes.length > mostExitCodes) causes.push(tooMany(`${at}.values`, codes.length, mostExitCodes));
  for (const [i, code] of codes.entries()) {
    const field = `${at}.values[${i}]`;
    if (operator === 'In' && code === 0)
      causes.push(invalidValue(field, code, 'must not be 0 for the In operator'));
    if (codes.indexOf(code) < i) causes.push(duplicate(field, code));
  }
  if (codes.some((code, i) => i > 0 && codes[i - 1]! > code))
    causes.push(invalidValue(`${at}.values`, codes, 'must be ordered'));
  return causes;
}
