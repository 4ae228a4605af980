import type { Cause } from '../../../../../errors/apiError.ts';
import type { EphemeralContainer, Pod } from '../../../../schema/types.ts';
import { forbidden } from '../../../../validation/causes.ts';
import { isSame } from '../../../../validation/same.ts';
import { mirror } from './annotations.ts';
import { differences } from './differences.ts';
import { validPodSpec } from './podSpec.ts';

/** Ephemeral containers may come; none may go or change. */
export function validEphemeralUpdate({ metadata, spec }: Pod, old: Pod): Cause[] {
  const field = 'spec.ephemeralContainers';
  if (old.metadata.annotations?.[mirror] !== undefined)
    return [forbidden('', 'static pods do not support ephemeral containers')];
  const causes = validPodSpec('spec', spec ?? { containers: [] }, metadata.name);
  spec?.ephemeralContainers?.forEach(({ resources = {} }, i) => {
    const why = 'cannot be set for an Ephemeral Container';
    if (Object.keys(resources).length) causes.push(forbidden(`${field}[${i}].resources`, why));
  });
  const now = new Map(spec?.ephemeralContainers?.map((c): [string, EphemeralContainer] => [c.name, c]));
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const container = now.get(before.name);
    const existing = `existing ephemeral containers ${JSON.stringify(before.name)} may not be`;
    if (!container) causes.push(forbidden(field, `${existing} removed\n`));
    else if (!isSame(container, before))
      causes.push(forbidden(field, `${existing} changed\n${differences(before, container)}`));
  }
  return causes;
}
