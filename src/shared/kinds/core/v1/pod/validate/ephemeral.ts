import type { Cause } from '../../../../../errors/apiError.ts';
import type { Container, EphemeralContainer } from '../../../../schema/types.ts';
import { duplicate, forbidden, missing } from '../../../../validation/causes.ts';
import { type Scope, validContainer } from './containers.ts';

/** They look into a Pod that runs, and cannot be a part of what it is for. */
const barred = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resizePolicy',
] as const;

/** Returns what is wrong with ephemeral containers; several fields of a container are barred to them. */
export function validEphemeralContainers(field: string, scope: Scope): Cause[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = scope.spec;
  if (ephemeralContainers.length === 0) return [];
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  return ephemeralContainers.flatMap((container: EphemeralContainer, i) => {
    const at = `${field}[${i}]`;
    const causes = validContainer(at, container as Container, scope);
    if (names.has(container.name)) causes.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) causes.push(missing(`${at}.targetContainerName`, target));
    for (const name of barred) {
      if (container[name] === undefined) continue;
      causes.push(forbidden(`${at}.${name}`, 'cannot be set for an Ephemeral Container'));
    }
    container.volumeMounts?.forEach((mount, j) => {
      for (const name of ['subPath', 'subPathExpr'] as const) {
        if (!mount[name]) continue;
        const where = `${at}.volumeMounts[${j}].${name}`;
        causes.push(forbidden(where, 'cannot be set for an Ephemeral Container'));
      }
    });
    return causes;
  });
}
