import { seeded } from '../../grammar.ts';

/** Choices that are the same each time for a seed. */
export interface Dice {
  /** True once in so many throws. */
  once(in_: number): boolean;
  /** 0 to `below` − 1. */
  number(below: number): number;
  one<T>(of: readonly T[]): T;
  /** Each member with a chance of one half, in its order. */
  some<T>(of: readonly T[]): T[];
}

export function dice(seed: number): Dice {
  const random = seeded(seed);
  // The first numbers of near seeds are near to each other.
  for (let i = 0; i < 5; i++) random();
  const number = (below: number) => Math.floor(random() * below);
  return {
    number,
    once: (in_) => number(in_) === 0,
    one: (of) => of[number(of.length)]!,
    some: (of) => of.filter(() => number(2) === 0),
  };
}
