/** Is a value where it is at hand, and a promise of it where somebody has to be asked. */
export type Soon<T> = T | Promise<T>;

/** Returns whether a value is still to come. What is at hand need not be awaited: each await costs a turn. */
export const isComing = <T>(value: Soon<T>): value is Promise<T> =>
  typeof (value as Promise<T> | undefined | null)?.then === 'function';
