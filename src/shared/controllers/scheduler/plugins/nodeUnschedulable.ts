import type { Taint } from '../../../kinds/schema/types.ts';
import { tolerates } from '../../common/tolerations.ts';
import { type Filter, forGood } from '../plugin.ts';

const cordoned: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Keeps Pods off cordoned Nodes, unless they tolerate it. */
export const nodeUnschedulable: Filter = {
  name: 'NodeUnschedulable',
  prepare: (pod) => ({
    check: ({ node }) =>
      node.spec?.unschedulable && !tolerates(pod.spec?.tolerations, cordoned)
        ? forGood('node(s) were unschedulable')
        : undefined,
  }),
};
