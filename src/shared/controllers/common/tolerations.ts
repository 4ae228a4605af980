import type { Taint, Toleration } from '../../kinds/schema/types.ts';

/** Returns whether a toleration is about that taint. */
export const isAbout = ({ key, operator, value, effect }: Toleration, taint: Taint): boolean =>
  (!effect || effect === taint.effect) &&
  (!key ? operator === 'Exists' : key === taint.key) &&
  (operator === 'Exists' || (value ?? '') === (taint.value ?? ''));

/** Returns whether any of the tolerations covers the taint, whatever its time limit. */
export const tolerates = (tolerations: Toleration[] | undefined, taint: Taint): boolean =>
  (tolerations ?? []).some((toleration) => isAbout(toleration, taint));
