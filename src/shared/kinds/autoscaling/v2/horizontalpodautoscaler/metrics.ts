import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems, pathSegmentProblems } from '../../../../meta/names.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import { validContainerName } from '../../../core/v1/pod/validate/resources.ts';
import type { MetricIdentifier, MetricSpec, MetricTarget } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import { validReference } from './reference.ts';

const fields = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
} as const;
type MetricType = keyof typeof fields;
const types = Object.keys(fields).sort();

/** One metric: a type, and the one source that belongs to it. */
export function validMetric(at: string, spec: MetricSpec): Cause[] {
  const type = spec.type ?? '';
  const causes: Cause[] = [];
  if (type === '') causes.push(required(`${at}.type`, 'must specify a metric source type'));
  const isKnown = types.includes(type);
  if (!isKnown) causes.push(notSupported(`${at}.type`, type, types));
  const present = Object.values(fields).filter((field) => spec[field] !== undefined);
  if (present[0]) causes.push(...validSource(`${at}.${present[0]}`, spec, present[0]));
  const expected = isKnown ? fields[type as MetricType] : undefined;
  if (!expected) causes.push(notSupported(`${at}.type`, type, types));
  else if (spec[expected] === undefined)
    causes.push(required(`${at}.${expected}`, 'must populate information for the given metric source'));
  if (present.length !== 1)
    for (const field of present)
      if (field !== expected)
        causes.push(forbidden(`${at}.${field}`, 'must populate the given metric source only'));
  return causes;
}

function validSource(at: string, spec: MetricSpec, field: (typeof fields)[MetricType]): Cause[] {
  switch (field) {
    case 'object': {
      const { describedObject, metric, target } = spec.object!;
      return [
        ...validReference(`${at}.describedObject`, describedObject, 'core'),
        ...validIdentifier(`${at}.metric`, metric),
        ...validTarget(`${at}.target`, target),
        ...(target?.value === undefined && target?.averageValue === undefined
          ? [required(`${at}.target.averageValue`, 'must set either a target value or averageValue')]
          : []),
      ];
    }
    case 'external':
      return validExternal(at, spec.external!.metric, spec.external!.target);
    case 'pods': {
      const { metric, target } = spec.pods!;
      const why = 'must specify a positive target averageValue';
      return [
        ...validIdentifier(`${at}.metric`, metric),
        ...validTarget(`${at}.target`, target),
        ...(target?.averageValue === undefined ? [required(`${at}.target.averageValue`, why)] : []),
      ];
    }
    default:
      return validResource(at, spec, field);
  }
}

function validExternal(at: string, metric: MetricIdentifier, target: MetricTarget): Cause[] {
  const [value, average] = [target?.value, target?.averageValue];
  const causes = [...validIdentifier(`${at}.metric`, metric), ...validTarget(`${at}.target`, target)];
  if (value === undefined && average === undefined) {
    const why = 'must set either a target value for metric or a per-pod target';
    causes.push(required(`${at}.target.averageValue`, why));
  }
  if (value !== undefined && average !== undefined) {
    const why = 'may not set both a target value for metric and a per-pod target';
    causes.push(forbidden(`${at}.target.value`, why));
  }
  return causes;
}

function validResource(at: string, spec: MetricSpec, field: 'resource' | 'containerResource'): Cause[] {
  const { name, target } = spec[field]!;
  const { averageUtilization: utilization, averageValue: value } = target ?? {};
  const causes: Cause[] = [];
  if (!name) causes.push(required(`${at}.name`, 'must specify a resource name'));
  else if (field === 'containerResource') causes.push(...validContainerName(`${at}.name`, name));
  if (field === 'containerResource') {
    const { container } = spec.containerResource!;
    causes.push(
      ...(container
        ? checked(`${at}.container`, container, dns1123LabelProblems)
        : [required(`${at}.container`, 'must specify a container')]),
    );
  }
  causes.push(...validTarget(`${at}.target`, target));
  if (utilization === undefined && value === undefined) {
    const why = 'must set either a target raw value or a target utilization';
    causes.push(required(`${at}.target.averageUtilization`, why));
  }
  if (utilization !== undefined && value !== undefined) {
    const why = 'may not set both a target raw value and a target utilization';
    causes.push(forbidden(`${at}.target.averageValue`, why));
  }
  return causes;
}

function validTarget(at: string, target: Partial<MetricTarget> = {}): Cause[] {
  const { type = '', value, averageValue, averageUtilization } = target;
  const causes: Cause[] = [];
  if (type === '') causes.push(required(`${at}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    causes.push(invalidValue(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const [name, amount] of Object.entries({ value, averageValue }))
    if (amount !== undefined && compareQuantities(amount, '0') <= 0)
      causes.push(invalidValue(`${at}.${name}`, String(amount), 'must be positive'));
  if (averageUtilization !== undefined && averageUtilization < 1)
    causes.push(invalidValue(`${at}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  return causes;
}

const validIdentifier = (at: string, { name }: Partial<MetricIdentifier> = {}): Cause[] =>
  name
    ? checked(`${at}.name`, name, pathSegmentProblems)
    : [required(`${at}.name`, 'must specify a metric name')];
