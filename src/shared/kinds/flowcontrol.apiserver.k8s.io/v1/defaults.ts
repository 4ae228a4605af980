import type { Rules } from '../../schema/defaultRules.ts';
import type {
  FlowSchemaSpec,
  LimitedPriorityLevelConfiguration,
  QueuingConfiguration,
} from '../../schema/types.ts';

export const flowControlDefaults: Rules = {
  FlowSchemaSpec: {
    adjust(spec: FlowSchemaSpec) {
      spec.matchingPrecedence ||= 1000;
    },
  },
  ExemptPriorityLevelConfiguration: { fields: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  LimitedPriorityLevelConfiguration: {
    fields: { lendablePercent: 0 },
    adjust(limited: LimitedPriorityLevelConfiguration) {
      limited.nominalConcurrencyShares ??= 30;
    },
  },
  QueuingConfiguration: {
    adjust(queuing: QueuingConfiguration) {
      queuing.handSize ||= 8;
      queuing.queues ||= 64;
      queuing.queueLengthLimit ||= 50;
    },
  },
};
