import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123LabelProblems } from '../../../../../meta/names.ts';
import type { Volume } from '../../../../schema/types.ts';
import { duplicate, forbidden, invalidValue, required } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';
import { sourceRules } from './volumeSources.ts';

/** @returns the findings, and the names of the volumes without one: others cannot be mounted. */
export function validVolumes(
  field: string,
  volumes: Volume[],
  podName: string | undefined,
): { causes: Cause[]; names: Set<string> } {
  const names = new Set<string>();
  const causes: Cause[] = [];
  for (const [i, volume] of volumes.entries()) {
    const at = `${field}[${i}]`;
    const { name } = volume;
    const found = validSource(at, volume, podName !== undefined);
    if (name) addAll(found, checked(`${at}.name`, name, dns1123LabelProblems));
    else found.push(required(`${at}.name`));
    if (names.has(name)) found.push(duplicate(`${at}.name`, name));
    if (found.length === 0) names.add(name);
    addAll(causes, found);
  }
  addAll(causes, claimsOfEphemerals(field, volumes, podName));
  return { causes, names };
}

function validSource(at: string, volume: Volume, isPod: boolean): Cause[] {
  let first = true;
  const causes: Cause[] = [];
  for (const [name, rule] of sourceRules) {
    const source = volume[name];
    if (source === undefined) continue;
    if (first) addAll(causes, rule(`${at}.${name}`, source as never, isPod));
    else causes.push(forbidden(`${at}.${name}`, 'may not specify more than 1 volume type'));
    first = false;
  }
  if (first) causes.push(required(at, 'must specify a volume type'));
  return causes;
}

/** A claim that is made for one volume is not for another. */
function claimsOfEphemerals(field: string, volumes: Volume[], podName: string | undefined): Cause[] {
  if (!podName) return [];
  const made = new Set(volumes.filter((v) => v.ephemeral).map((v) => `${podName}-${v.name}`));
  return volumes.flatMap(({ persistentVolumeClaim: claim }, i) =>
    claim && made.has(claim.claimName)
      ? [
          invalidValue(
            `${field}[${i}].persistentVolumeClaim.claimName`,
            claim.claimName,
            'must not reference a PVC that gets created for an ephemeral volume',
          ),
        ]
      : [],
  );
}
