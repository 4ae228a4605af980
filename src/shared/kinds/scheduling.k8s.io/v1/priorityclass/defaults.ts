import type { Rules } from '../../../schema/defaultRules.ts';

export const priorityClassDefaults: Rules = {
  PriorityClass: { fields: { preemptionPolicy: 'PreemptLowerPriority' } },
};
