import type { Cause } from '../../../../errors/apiError.ts';
import type { PodTemplate, PodTemplateSpec } from '../../../schema/types.ts';
import { forbidden } from '../../../validation/causes.ts';
import { validAnnotations, validLabels } from '../../../validation/labels.ts';
import { validPodSpec } from '../pod/validate/podSpec.ts';

export const validate = ({ template }: PodTemplate): Cause[] => validPodTemplate('template', template);

/** Returns what is wrong with a Pod template, for every kind that has one. */
export function validPodTemplate(
  at: string,
  { metadata, spec = { containers: [] } }: PodTemplateSpec = {},
): Cause[] {
  const causes = [
    ...validLabels(`${at}.labels`, metadata?.labels),
    ...validAnnotations(`${at}.annotations`, metadata?.annotations),
    ...validPodSpec(`${at}.spec`, spec),
  ];
  if (spec.ephemeralContainers?.length) {
    const why = 'ephemeral containers not allowed in pod template';
    causes.push(forbidden(`${at}.spec.ephemeralContainers`, why));
  }
  return causes;
}
