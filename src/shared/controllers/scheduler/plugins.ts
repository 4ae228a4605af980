import type { Filter, Score } from './plugin.ts';
import { interPodAffinity, podPreference } from './plugins/interPodAffinity.ts';
import { nodeAffinity, nodePreference } from './plugins/nodeAffinity.ts';
import { nodePorts } from './plugins/nodePorts.ts';
import { balancedAllocation, leastAllocated, nodeResourcesFit } from './plugins/nodeResources.ts';
import { nodeUnschedulable } from './plugins/nodeUnschedulable.ts';
import { podTopologySpread, spreadPreference } from './plugins/podTopologySpread.ts';
import { taintPreference, taintToleration } from './plugins/taintToleration.ts';
import { volumeBinding, volumePreference, volumeZone } from './plugins/volumeBinding.ts';
import { volumeRestrictions } from './plugins/volumeRestrictions.ts';

/** In kube-scheduler's order: of a Node the first that rejects it is told. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
];

/** With the weights that kube-scheduler begins with. */
export const scores: readonly Score[] = [
  taintPreference,
  nodePreference,
  leastAllocated,
  volumePreference,
  spreadPreference,
  podPreference,
  balancedAllocation,
];
