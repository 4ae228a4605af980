/** Claims of devices: those of the Pod, and the names by which containers use them. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type { PodResourceClaim, ResourceClaim } from '../../../../schema/types.ts';
import { duplicate, invalidValue, missing, required } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

/** Returns what is wrong with the resource claims of a Pod: each has a unique name and one source. */
export function validPodClaims(field: string, claims: PodResourceClaim[]): Cause[] {
  const names = new Set<string>();
  return claims.flatMap(({ name, resourceClaimName: claim, resourceClaimTemplateName: template }, i) => {
    const at = `${field}[${i}]`;
    const shown = {
      Name: name ?? '',
      ResourceClaimName: claim ?? null,
      ResourceClaimTemplateName: template ?? null,
    };
    const causes: Cause[] = [];
    if (!name) causes.push(required(`${at}.name`));
    else if (names.has(name)) causes.push(duplicate(`${at}.name`, name));
    else addAll(causes, checked(`${at}.name`, name, dns1123LabelProblems));
    names.add(name);
    if (claim !== undefined && template !== undefined) {
      const why = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      causes.push(invalidValue(at, shown, why));
    }
    if (claim === undefined && template === undefined) {
      const why = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      causes.push(invalidValue(at, shown, why));
    }
    if (claim !== undefined) {
      addAll(causes, checked(`${at}.resourceClaimName`, claim, dns1123SubdomainProblems));
    }
    if (template !== undefined) {
      addAll(causes, checked(`${at}.resourceClaimTemplateName`, template, dns1123SubdomainProblems));
    }
    return causes;
  });
}

/** @param known names of the Pod's claims, sorted. */
export function validClaimNames(field: string, claims: ResourceClaim[], known: string[]): Cause[] {
  const seen = new Set<string>();
  return claims.flatMap(({ name, request }, i) => {
    const at = `${field}[${i}]`;
    if (!name) return [required(at)];
    const causes: Cause[] = [];
    if (seen.has(name)) causes.push(duplicate(at, name));
    else {
      if (request) addAll(causes, checked(`${at}.request`, request, dns1123LabelProblems));
      const key = request ? `${name}/${request}` : name;
      if (seen.has(key)) causes.push(duplicate(at, key));
      else if (!request && [...seen].some((s) => s.startsWith(`${name}/`))) causes.push(duplicate(at, name));
      seen.add(key);
    }
    if (!known.includes(name)) causes.push(unknown(at, name, known));
    return causes;
  });
}

function unknown(at: string, name: string, known: string[]): Cause {
  const cause = missing(at, name);
  const which = known.length > 0 ? `: ${known.join(', ')}` : ' which is empty';
  return {
    ...cause,
    message: `${cause.message}: must be one of the names in pod.spec.resourceClaims${which}`,
  };
}
