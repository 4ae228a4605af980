import type { Cause } from '../../../../../errors/apiError.ts';
import { labelSelectorFrom } from '../../../../../meta/labels.ts';
import { dns1123LabelProblems } from '../../../../../meta/names.ts';
import { ownValue } from '../../../../../meta/table.ts';
import type { Job, JobSpec } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { isApplicable, validSelector } from '../../../../validation/labels.ts';
import { controllerUidLabel, jobNameLabel, legacyControllerUidLabel, legacyJobNameLabel } from '../labels.ts';
import { validJobSpec } from './spec.ts';
import { validChange } from './update.ts';

export function validate(job: Job, old?: Job): Cause[] {
  const spec = job.spec ?? ({} as JobSpec);
  const found = [
    ...validGeneratedSelector(job, spec, old),
    ...validSpec(spec),
    ...validHostnames(job.metadata.name ?? '', spec),
  ];
  // A real server validates the spec of an update twice, and lists what it finds twice.
  return old ? [...found, ...validSpec(spec), ...validChange(spec, old)] : found;
}

function validSpec(spec: JobSpec): Cause[] {
  const { selector, template } = spec;
  const causes = validJobSpec('spec', spec);
  if (!selector) causes.push(required('spec.selector'));
  else causes.push(...validSelector('spec.selector', selector));
  const labels = template?.metadata?.labels;
  if (isApplicable(selector) && !labelSelectorFrom(selector).matches(labels)) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  return causes;
}

/** The labels that make the Pods this Job's own have to be there, if it did not choose its own selector. */
function validGeneratedSelector({ metadata }: Job, spec: JobSpec, old?: Job): Cause[] {
  const { selector, template, manualSelector } = spec;
  if (manualSelector || !selector) return [];
  const { name = '', uid = '' } = metadata;
  const before = old?.spec?.template?.metadata?.labels ?? {};
  const hasNewLabels =
    !old || (Object.hasOwn(before, jobNameLabel) && Object.hasOwn(before, controllerUidLabel));
  const expected: [string, string][] = [
    [legacyControllerUidLabel, uid],
    [legacyJobNameLabel, name],
  ];
  if (hasNewLabels) expected.push([controllerUidLabel, uid], [jobNameLabel, name]);
  const labels = template?.metadata?.labels ?? {};
  const at = 'spec.template.metadata.labels';
  const causes = expected.flatMap(([key, value]): Cause[] => {
    const [field, why] = [`${at}[${key}]`, `must be '${value}'`];
    const found = ownValue(labels, key);
    if (found === undefined) return [required(field, why)];
    return found === value ? [] : [invalidValue(field, labels, why)];
  });
  if (isApplicable(selector) && !labelSelectorFrom(selector).matches(Object.fromEntries(expected)))
    causes.push(invalidValue('spec.selector', selector, '`selector` not auto-generated'));
  return causes;
}

/** Pods of an Indexed Job are hosts that are called after it and their index. */
function validHostnames(name: string, { completionMode, completions = 0 }: JobSpec): Cause[] {
  if (completionMode !== 'Indexed' || completions <= 0) return [];
  const longest = `${name}-${completions - 1}`;
  if (dns1123LabelProblems(longest).length === 0) return [];
  const why = `will not able to create pod with invalid DNS label: ${longest}`;
  return [invalidValue('metadata.name', name, why)];
}
