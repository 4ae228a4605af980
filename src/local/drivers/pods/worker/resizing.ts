import { isDeepStrictEqual } from 'node:util';
import type { Container, ResourceRequirements } from '../../../../shared/kinds/schema/types.ts';
import { parseQuantity } from '../../../../shared/meta/quantity.ts';
import { type ContainerRecord, runOf } from './records.ts';
import type { PodScope } from './scope.ts';

/**
 * Returns whether a running container is to have other resources than it runs with, or may have some of them from a try
 * that failed. Those of an older record are not known.
 */
export const isResized = ({ resources, resizing }: ContainerRecord, spec: Container): boolean =>
  resizing !== undefined || (resources !== undefined && !isDeepStrictEqual(resources, spec.resources ?? {}));

/**
 * Gives a running container the resources of its spec. Answers false when its resize policy wants a restart for that; when
 * it cannot have them now, its record says why and when to try again.
 */
export async function resizedInPlace(
  { deps, ref, save }: PodScope,
  c: ContainerRecord,
  spec: Container,
): Promise<boolean> {
  const wanted = spec.resources ?? {};
  if (needsRestart(c.resources ?? {}, wanted, spec)) return false;
  if (c.resizing && (c.retryAt ?? 0) > deps.clock.now()) return true;
  try {
    await deps.sandbox.resize?.(runOf(ref, c), spec);
    Object.assign(c, { resources: wanted, resizing: undefined, retryAt: undefined });
  } catch (error) {
    Object.assign(c, { resizing: (error as Error).message, retryAt: deps.clock.now() + deps.retryMs });
  }
  save();
  return true;
}

const needsRestart = (now: ResourceRequirements, wanted: ResourceRequirements, { resizePolicy }: Container) =>
  (resizePolicy ?? []).some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' &&
      (['requests', 'limits'] as const).some(
        (part) => amount(now[part]?.[resourceName]) !== amount(wanted[part]?.[resourceName]),
      ),
  );

/** Equal amounts, however they are written. */
const amount = (quantity: string | undefined) => quantity && parseQuantity(quantity);
