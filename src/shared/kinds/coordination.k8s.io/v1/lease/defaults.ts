import type { Rules } from '../../../schema/defaultRules.ts';
import type { LeaseSpec } from '../../../schema/types.ts';

export const leaseDefaults: Rules = {
  // A real server drops these two while their feature gate is off.
  LeaseSpec: {
    adjust(spec: LeaseSpec) {
      delete spec.strategy;
      delete spec.preferredHolder;
    },
  },
};
