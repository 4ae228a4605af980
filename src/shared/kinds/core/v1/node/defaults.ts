import type { Rules } from '../../../schema/defaultRules.ts';
import type { NodeSpec, NodeStatus } from '../../../schema/types.ts';

export const nodeDefaults: Rules = {
  // A real server no longer keeps a dynamic kubelet configuration.
  NodeSpec: {
    adjust(spec: NodeSpec) {
      delete spec.configSource;
    },
  },
  NodeStatus: {
    adjust(status: NodeStatus) {
      delete status.config;
    },
    fields: { allocatable: ({ capacity }: NodeStatus) => (capacity ? { ...capacity } : undefined) },
  },
};
