/** Is what may change in a Pod: images, a shorter deadline, further tolerations, fewer scheduling gates. */
import type { Cause } from '../../../../../errors/apiError.ts';
import type { Container, PodSpec, Toleration } from '../../../../schema/types.ts';
import { forbidden, invalidValue } from '../../../../validation/causes.ts';
import { isSame } from '../../../../validation/same.ts';
import { differences } from './differences.ts';

const mutable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** Returns which changes of a Pod's spec are not allowed. Nearly all of it is fixed once the Pod is there. */
export function validUpdate(spec: PodSpec, old: PodSpec): Cause[] {
  for (const list of ['containers', 'initContainers'] as const) {
    if ((spec[list]?.length ?? 0) === (old[list]?.length ?? 0)) continue;
    return [forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
  }
  const deadline = validDeadline(spec.activeDeadlineSeconds, old.activeDeadlineSeconds);
  if (deadline.length > 0 && spec.activeDeadlineSeconds !== undefined) return deadline;
  const causes = [
    ...deadline,
    ...validTolerationsUpdate(spec.tolerations ?? [], old.tolerations ?? []),
    ...validGatesUpdate(spec, old),
  ];
  const fixed = withMutableOf(spec, old);
  if (!isSame(fixed, old)) {
    const why = `pod updates may not change fields other than ${mutable}\n${differences(old, fixed)}`;
    causes.push(forbidden('spec', why));
  }
  return causes;
}

function validDeadline(seconds: number | undefined, old: number | undefined): Cause[] {
  const field = 'spec.activeDeadlineSeconds';
  if (seconds === undefined) {
    if (old === undefined) return [];
    return [invalidValue(field, null, 'must not update from a positive integer to nil value')];
  }
  const most = 2 ** 31 - 1;
  if (seconds < 0 || seconds > most) {
    return [invalidValue(field, seconds, `must be between 0 and ${most}, inclusive`)];
  }
  if (old === undefined || seconds <= old) return [];
  return [invalidValue(field, seconds, 'must be less than or equal to previous value')];
}

/** How long a taint is tolerated may change. */
function validTolerationsUpdate(tolerations: Toleration[], old: Toleration[]): Cause[] {
  const without = ({ tolerationSeconds: _, ...rest }: Toleration) => rest;
  const kept = old.every((o) => tolerations.some((t) => isSame(without(t), without(o))));
  if (kept) return [];
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  return [forbidden('spec.tolerations', why)];
}

function validGatesUpdate({ schedulingGates = [] }: PodSpec, old: PodSpec): Cause[] {
  const known = new Set(old.schedulingGates?.map(({ name }) => name));
  return schedulingGates.flatMap(({ name }, i) =>
    known.has(name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${i}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

/** The new spec with everything that may change as it was. */
function withMutableOf(spec: PodSpec, old: PodSpec): PodSpec {
  const fixed: PodSpec = { ...spec, containers: withImagesOf(spec.containers, old.containers) };
  if (spec.initContainers) fixed.initContainers = withImagesOf(spec.initContainers, old.initContainers ?? []);
  take(fixed, old, 'activeDeadlineSeconds');
  take(fixed, old, 'tolerations');
  take(fixed, old, 'schedulingGates');
  const grace = old.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0 && spec.terminationGracePeriodSeconds === 1) {
    fixed.terminationGracePeriodSeconds = grace;
  }
  if (old.schedulingGates?.length) {
    take(fixed, old, 'nodeSelector');
    take(fixed, old, 'affinity');
  }
  return fixed;
}

function take<K extends keyof PodSpec>(spec: PodSpec, old: PodSpec, field: K): void {
  if (old[field] === undefined) delete spec[field];
  else spec[field] = old[field];
}

const withImagesOf = (containers: Container[], old: Container[]): Container[] =>
  containers.map((container, i) => ({ ...container, image: old[i]?.image }));
