import type { Demand } from '../shared/ports/cloud.ts';

/** Refuses every Service that is to be scaled to zero, saying why. */
export const unknownDemand = (why: string): Demand => ({
  refuses: () => why,
  follow: async () => {},
  forget: async () => {},
  lastUsed: async () => undefined,
  isWanted: async () => false,
  withhold: async () => 'pending',
  restore: async () => {},
  async *wanted() {},
});
