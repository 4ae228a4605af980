/** Annotations that mean something to Kubernetes, or once did. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { Pod } from '../../../../schema/types.ts';
import { invalidValue } from '../../../../validation/causes.ts';
import { validJson } from '../../../../validation/json.ts';

/** Is the annotation of Pods that a kubelet shows and does not take from the API. */
export const mirror = 'kubernetes.io/config.mirror';
const cost = 'controller.kubernetes.io/pod-deletion-cost';
const tolerations = 'scheduler.alpha.kubernetes.io/tolerations';
/** Begins the annotations that name a container's AppArmor profile, the way before there was a field. */
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

const at = (key: string) => `metadata.annotations[${key}]`;

/** Returns what is wrong with annotations to which Kubernetes gives a meaning. */
export function podAnnotations({ metadata: { annotations }, spec }: Pod): Cause[] {
  if (!annotations) return [];
  const causes: Cause[] = [];
  const isMirror = annotations[mirror] !== undefined;
  if (isMirror && !spec?.nodeName) {
    const why = 'must set spec.nodeName if mirror pod annotation is set';
    causes.push(invalidValue(at(mirror), annotations[mirror], why));
  }
  if (annotations[tolerations]) {
    addAll(causes, validJson('metadata.annotations', tolerations, annotations[tolerations]));
  }
  if (annotations[cost] !== undefined && !isInt32(annotations[cost])) {
    causes.push(invalidValue(at(cost), annotations[cost], 'must be a 32bit integer'));
  }
  for (const [key, profile] of Object.entries(annotations)) {
    if (key.startsWith(appArmorPrefix)) addAll(causes, validProfile(key, profile, spec));
  }
  return causes;
}

const isInt32 = (text: string) =>
  /^(0|[+-]?[1-9]\d{0,9})$/.test(text) && !text.startsWith('+') && Math.abs(Number(text)) < 2 ** 31;

function validProfile(key: string, profile: string, spec: Pod['spec']): Cause[] {
  const name = key.slice(appArmorPrefix.length);
  const known = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...(spec?.ephemeralContainers ?? []),
  ];
  const causes = known.some((container) => container.name === name)
    ? []
    : [invalidValue(at(key), name, 'container not found')];
  const isKnown = ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/');
  if (isKnown) return causes;
  return [
    ...causes,
    invalidValue(at(key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`),
  ];
}
