import type { Cause } from '../../../errors/apiError.ts';
import { invalidValue } from '../../validation/causes.ts';
import { nonNegative } from '../../validation/rules.ts';

type Counts = Record<string, number | undefined>;

/** Counts of Pods in a status: none is negative, and each part is at most the whole. */
export function validCounts(counts: Counts, parts: string[]): Cause[] {
  const causes = Object.entries(counts).flatMap(([name, value]) => nonNegative(`status.${name}`, value));
  const atMost = (name: string, limit: string, text: string) => {
    const value = counts[name] ?? 0;
    if (value > (counts[limit] ?? 0)) causes.push(invalidValue(`status.${name}`, value, text));
  };
  for (const part of parts) atMost(part, 'replicas', 'cannot be greater than status.replicas');
  atMost('availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas');
  return causes;
}

/** How often a name was taken by something else only grows. */
export function validCollisions(count: number | undefined, before: number | undefined): Cause[] {
  const shrinks = before !== undefined && (count === undefined || count < before);
  return shrinks ? [invalidValue('status.collisionCount', count ?? 0, 'cannot be decremented')] : [];
}
