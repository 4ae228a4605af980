import table from './causes.json' with { type: 'json' };
import type { Place } from './places.ts';

/** Why specs do not pass, and what is to be done. Each spec that ran and did not pass stands under one cause of its place. */
export interface Cause {
  cause: string;
  /** Where it is the cause; natively as root unless said. */
  places?: Place[];
  /** Whole names of specs. */
  specs: string[];
}

const causes = table as Cause[];

export const causesIn = (place: Place): Cause[] =>
  causes.filter(({ places = ['root'] }) => places.includes(place));

export const causeOf = (name: string, place: Place): string | undefined =>
  causesIn(place).find(({ specs }) => specs.includes(name))?.cause;
