import table from './causes.json' with { type: 'json' };

/** Why specs do not pass, and what is to be done. Each spec that ran and did not pass stands under one cause. */
export interface Cause {
  cause: string;
  /** Whole names of specs. */
  specs: string[];
}

export const causes: Cause[] = table;

export const causeOf = (name: string): string | undefined =>
  causes.find(({ specs }) => specs.includes(name))?.cause;
