import type { Cause } from '../../../../errors/apiError.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HPAScalingPolicy,
  HPAScalingRules,
} from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { greaterThanZero, nonNegative } from '../../../validation/rules.ts';
import { validMetric } from './metrics.ts';
import { validReference } from './reference.ts';

export function validate({ spec }: HorizontalPodAutoscaler, old?: HorizontalPodAutoscaler): Cause[] {
  return validSpec(spec ?? ({} as HorizontalPodAutoscalerSpec), old?.spec);
}

export const validateStatus = ({ status }: HorizontalPodAutoscaler): Cause[] => [
  ...nonNegative('status.currentReplicas', status?.currentReplicas),
  ...nonNegative('status.desiredReplicas', status?.desiredReplicas),
];

function validSpec(spec: HorizontalPodAutoscalerSpec, old?: HorizontalPodAutoscalerSpec): Cause[] {
  const { minReplicas: min, maxReplicas: max = 0, scaleTargetRef: target, metrics = [], behavior } = spec;
  const lowest = old?.minReplicas === 0 ? 0 : 1;
  const causes: Cause[] = [];
  if (min !== undefined && min < lowest)
    causes.push(invalidValue('spec.minReplicas', min, `must be greater than or equal to ${lowest}`));
  if (max < 1) causes.push(invalidValue('spec.maxReplicas', max, 'must be greater than 0'));
  if (min !== undefined && max < min)
    causes.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  const before = old?.scaleTargetRef;
  const isSame = before?.kind === target?.kind && before?.apiVersion === target?.apiVersion && !!old;
  const version = isSame ? 'any' : target?.kind === 'ReplicationController' ? 'core' : 'group';
  causes.push(...validReference('spec.scaleTargetRef', target, version));
  causes.push(...metrics.flatMap((metric, i) => validMetric(`spec.metrics[${i}]`, metric)));
  const isMeasuredOutside = metrics.some(({ type }) => type === 'Object' || type === 'External');
  if (min === 0 && !isMeasuredOutside) {
    const why = 'must specify at least one Object or External metric to support scaling to zero replicas';
    causes.push(forbidden('spec.metrics', why));
  }
  for (const name of ['scaleUp', 'scaleDown'] as const) {
    const rules = behavior?.[name];
    if (rules) causes.push(...validRules(`spec.behavior.${name}`, rules));
  }
  return causes;
}

const longestWindow = 3600;
const longestPeriod = 1800;

function validRules(at: string, rules: HPAScalingRules): Cause[] {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const causes: Cause[] = [];
  const invalidWindow = (why: string) => invalidValue(`${at}.stabilizationWindowSeconds`, window, why);
  if (window !== undefined && window < 0) causes.push(invalidWindow('must be greater than or equal to zero'));
  if (window !== undefined && window > longestWindow)
    causes.push(invalidWindow(`must be less than or equal to ${longestWindow}`));
  const selections = ['Disabled', 'Max', 'Min'];
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    causes.push(notSupported(`${at}.selectPolicy`, selectPolicy, selections));
  if (policies.length === 0) causes.push(required(`${at}.policies`, 'must specify at least one Policy'));
  causes.push(...policies.flatMap((policy, i) => validPolicy(`${at}.policies[${i}]`, policy)));
  if (tolerance !== undefined && compareQuantities(tolerance, '0') < 0)
    causes.push(invalidValue(`${at}.tolerance`, String(tolerance), 'must be greater than or equal to 0'));
  return causes;
}

function validPolicy(at: string, { type, value = 0, periodSeconds = 0 }: HPAScalingPolicy): Cause[] {
  const types = ['Percent', 'Pods'];
  const why = `must be less than or equal to ${longestPeriod}`;
  return [
    ...(types.includes(type) ? [] : [notSupported(`${at}.type`, type ?? '', types)]),
    ...greaterThanZero(`${at}.value`, value),
    ...greaterThanZero(`${at}.periodSeconds`, periodSeconds),
    ...(periodSeconds > longestPeriod ? [invalidValue(`${at}.periodSeconds`, periodSeconds, why)] : []),
  ];
}
