/** Is what Deployments and ReplicaSets have in common: a selector, and a template that it has to match. */
import type { Cause } from '../../../errors/apiError.ts';
import { labelSelectorFrom } from '../../../meta/labels.ts';
import { validPodTemplate } from '../../core/v1/podtemplate/validate.ts';
import type { LabelSelector, PodTemplateSpec } from '../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../validation/causes.ts';
import { isApplicable, validSelector } from '../../validation/labels.ts';

/**
 * Returns what is wrong with a workload's selector and Pod template; the selector has to select the template's labels.
 */
export function validSelectorAndTemplate(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec = {},
): Cause[] {
  const field = 'spec.selector';
  const causes = selector ? validSelector(field, selector) : [required(field)];
  const count = [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? [])].length;
  if (selector && count === 0) {
    causes.push(invalidValue(field, selector, 'empty selector is invalid for deployment'));
  }
  if (!isApplicable(selector)) return [...causes, invalidValue(field, selector, 'invalid label selector')];
  // An empty selector matches everything, a missing one nothing.
  const labels = template.metadata?.labels;
  if ((!selector || count > 0) && !labelSelectorFrom(selector).matches(labels)) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  return [...causes, ...validPodsOfTemplate('spec.template', template, 'ReplicaSet')];
}

/** Checks what Pods have to be that run until they are deleted. `maker` is the kind that messages speak of. */
export function validPodsOfTemplate(at: string, template: PodTemplateSpec, maker: string): Cause[] {
  return [...validPodTemplate(at, template), ...validRunning(at, template, maker)];
}

/** Returns a cause when a template would let Pods end: this workload keeps them running. */
export function validRunning(at: string, template: PodTemplateSpec, maker: string): Cause[] {
  const causes: Cause[] = [];
  const { spec = { containers: [] } } = template;
  if (spec.restartPolicy !== 'Always') {
    causes.push(notSupported(`${at}.spec.restartPolicy`, spec.restartPolicy ?? '', ['Always']));
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    const why = `activeDeadlineSeconds in ${maker} is not Supported`;
    causes.push(forbidden(`${at}.spec.activeDeadlineSeconds`, why));
  }
  return causes;
}
