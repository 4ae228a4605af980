import { table } from '../../shared/meta/table.ts';
import type { RuntimeEvent } from '../../shared/ports/cloud.ts';
import type { FunctionMetric } from '../names.ts';

/** Is what kubelet's words for Pods that do not start mean for whoever runs the deployment. */
const byReason: Record<string, FunctionMetric> = table({
  // ECS takes no task: a quota, no capacity, a throttle, a missing right.
  FailedCreatePodSandBox: 'EcsRefusals',
  // An image, a Secret, a program.
  Failed: 'PodsNotStarting',
  FailedMount: 'PodsNotStarting',
});

/** Says which metric an Event of a Pod counts in. Undefined for all that goes well. */
export const metricOf = ({
  type,
  reason,
}: Pick<RuntimeEvent, 'type' | 'reason'>): FunctionMetric | undefined =>
  type === 'Warning' ? byReason[reason] : undefined;
