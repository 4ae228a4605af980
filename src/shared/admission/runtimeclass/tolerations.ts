import type { Toleration } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';

/** Tolerations without those that another one covers; of equal ones the first stays. */
export function mergedTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = [];
  for (const [i, toleration] of all.entries()) {
    const covers = (other: Toleration) => isSuperset(other, toleration);
    const later = all.slice(i + 1).filter((other) => !isSame(other, toleration));
    if (!merged.some(covers) && !later.some(covers)) merged.push(toleration);
  }
  return merged;
}

/** Returns whether `wide` tolerates every taint that `narrow` does. */
function isSuperset(wide: Toleration, narrow: Toleration): boolean {
  if (isSame(wide, narrow)) return true;
  if (wide.key !== narrow.key && !(!wide.key && wide.operator === 'Exists')) return false;
  if (wide.effect && wide.effect !== narrow.effect) return false;
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || wide.tolerationSeconds < narrow.tolerationSeconds)
      return false;
  }
  if (wide.operator === 'Exists') return true;
  return narrow.operator === 'Equal' && wide.value === narrow.value;
}
