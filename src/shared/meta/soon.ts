/** Is a value where it is at hand, and a promise of it where somebody has to be asked. */
export type Soon<T> = T | Promise<T>;

/** Returns whether a value is still to come. What is at hand need not be awaited: each await costs a turn. */
export const isComing = <T>(value: Soon<T>): value is Promise<T> =>
  typeof (value as Promise<T> | undefined | null)?.then === 'function';

/** Makes something of a value, at once where it is at hand. */
export const soonAfter = <T, U>(value: Soon<T>, make: (value: T) => Soon<U>): Soon<U> =>
  isComing(value) ? value.then(make) : make(value);
