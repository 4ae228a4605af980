import type { NetworkPolicies } from '../../../../shared/ports/cloud.ts';

/** Stands where nothing filters, and says why. */
export const unfiltered = (whyNot: string): NetworkPolicies => ({ whyNot, enforce: async () => {} });
