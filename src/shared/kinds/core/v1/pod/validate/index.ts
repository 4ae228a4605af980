/** A Pod as it may be written: its own rules, then, for an update, what may change. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { Container, Pod, PodSpec } from '../../../../schema/types.ts';
import { forbidden, invalidValue } from '../../../../validation/causes.ts';
import { podAnnotations } from './annotations.ts';
import { validPodSpec } from './podSpec.ts';
import { validUpdate } from './update.ts';

/** Returns what is wrong with a Pod. Against `old`, also which fields may not change. */
export function validatePod(pod: Pod, old?: Pod): Cause[] {
  const { metadata, spec = { containers: [] } } = pod;
  const causes = podAnnotations(pod);
  addAll(causes, validPodSpec('spec', spec, metadata.name));
  addAll(causes, tokensOf(spec), trimmed('spec.containers', spec.containers));
  addAll(causes, trimmed('spec.initContainers', spec.initContainers));
  if (old?.spec) return [...causes, ...validUpdate(spec, old.spec)];
  if (spec.ephemeralContainers?.length) {
    causes.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (spec.nodeName && spec.schedulingGates?.length) {
    causes.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return causes;
}

/** Templates may have blanks around an image; a Pod may not. */
export const trimmed = (field: string, containers: Container[] = []): Cause[] =>
  containers.flatMap(({ image = '' }, i) =>
    image === image.trim()
      ? []
      : [invalidValue(`${field}[${i}].image`, image, 'must not have leading or trailing whitespace')],
  );

/** Tokens are those of a service account, so there has to be one. */
function tokensOf({ serviceAccountName, volumes = [] }: PodSpec): Cause[] {
  if (serviceAccountName) return [];
  return volumes.flatMap(({ projected }, i) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken }, j) =>
      serviceAccountToken
        ? [
            forbidden(
              `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`,
              'must not be specified when serviceAccountName is not set',
            ),
          ]
        : [],
    ),
  );
}
