import type { Cause } from '../../../../../errors/apiError.ts';
import { validPodTemplate } from '../../../../core/v1/podtemplate/validate.ts';
import type { JobSpec } from '../../../../schema/types.ts';
import { invalidValue, notSupported, required, tooLong } from '../../../../validation/causes.ts';
import { validDomainPath } from '../../../../validation/domainPath.ts';
import { nonNegative } from '../../../../validation/rules.ts';
import { validFailurePolicy } from './failurePolicy.ts';
import { validSuccessPolicy } from './successPolicy.ts';

const most = 100_000;
const mostWithManyCompletions = 10_000;

/** Checks what holds for Jobs and for the templates of Jobs; `at` is where the spec stands. */
export function validJobSpec(at: string, spec: JobSpec): Cause[] {
  const counts = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const;
  const { managedBy, maxFailedIndexes, backoffLimitPerIndex, podFailurePolicy, successPolicy } = spec;
  const causes = counts.flatMap((name) => nonNegative(`${at}.${name}`, spec[name]));
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    causes.push(required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (managedBy !== undefined) {
    causes.push(...validDomainPath(`${at}.managedBy`, managedBy));
    if (managedBy.length > 63) causes.push(tooLong(`${at}.managedBy`, 63));
  }
  causes.push(...validMode(at, spec));
  if (podFailurePolicy) causes.push(...validFailurePolicy(`${at}.podFailurePolicy`, spec, podFailurePolicy));
  if (successPolicy) causes.push(...validSuccessPolicy(`${at}.successPolicy`, spec, successPolicy));
  return [
    ...causes,
    ...validReplacement(`${at}.podReplacementPolicy`, spec),
    ...validPodTemplate(`${at}.template`, spec.template),
    ...validRestarts(`${at}.template.spec.restartPolicy`, spec),
  ];
}

function validMode(at: string, spec: JobSpec): Cause[] {
  const { completionMode, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completionMode === 'Indexed') return validIndexed(at, spec);
  if (completionMode !== undefined && completionMode !== 'NonIndexed')
    return [notSupported(`${at}.completionMode`, completionMode, ['NonIndexed', 'Indexed'])];
  return Object.entries({ backoffLimitPerIndex, maxFailedIndexes }).flatMap(([name, value]) =>
    value === undefined ? [] : [invalidValue(`${at}.${name}`, value, 'requires indexed completion mode')],
  );
}

function validIndexed(at: string, spec: JobSpec): Cause[] {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  const causes: Cause[] = [];
  const atMost = (name: 'parallelism' | 'maxFailedIndexes', limit: number, when: string) => {
    const value = spec[name] ?? 0;
    if (value > limit)
      causes.push(invalidValue(`${at}.${name}`, value, `must be less than or equal to ${limit}${when}`));
  };
  if (completions === undefined)
    causes.push(required(`${at}.completions`, 'when completion mode is Indexed'));
  if (parallelism > most) atMost('parallelism', most, ' when completion mode is Indexed');
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) {
    const why = 'must be less than or equal to completions';
    causes.push(invalidValue(`${at}.maxFailedIndexes`, maxFailedIndexes, why));
  }
  atMost('maxFailedIndexes', most, '');
  if ((completions ?? 0) <= most || backoffLimitPerIndex === undefined) return causes;
  if (maxFailedIndexes === undefined)
    causes.push(required(`${at}.maxFailedIndexes`, `must be specified when completions is above ${most}`));
  const when = ` when completions are above ${most} and used with backoff limit per index`;
  atMost('parallelism', mostWithManyCompletions, when);
  atMost('maxFailedIndexes', mostWithManyCompletions, when);
  return causes;
}

function validReplacement(field: string, { podReplacementPolicy, podFailurePolicy }: JobSpec): Cause[] {
  if (podReplacementPolicy === undefined) return [];
  const supported = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return supported.includes(podReplacementPolicy)
    ? []
    : [notSupported(field, podReplacementPolicy, supported)];
}

/** Pods of a Job end. */
function validRestarts(field: string, { template, podFailurePolicy }: JobSpec): Cause[] {
  const policy = template?.spec?.restartPolicy ?? '';
  if (policy === '' || policy === 'Always') return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never')
    return [notSupported(field, policy, ['OnFailure', 'Never'])];
  if (!podFailurePolicy || policy === 'Never') return [];
  return [invalidValue(field, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}
