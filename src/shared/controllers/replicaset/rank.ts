import type { Pod } from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';
import { conditionOf, isReady } from '../common/pods.ts';

const phaseRank: Record<string, number> = table({ Pending: 0, Unknown: 1, Running: 2 });
const cost = (pod: Pod) =>
  Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0);
const restarts = (pod: Pod) =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount ?? 0));

/** The Pods in the order in which Kubernetes would delete them: the least useful first. */
export function byDeletion(pods: Pod[]): Pod[] {
  const onNode = new Map<string, number>();
  for (const { spec } of pods) onNode.set(spec?.nodeName ?? '', (onNode.get(spec?.nodeName ?? '') ?? 0) + 1);
  const crowd = (pod: Pod) => onNode.get(pod.spec?.nodeName ?? '') ?? 0;
  const readySince = (pod: Pod) =>
    isReady(pod) ? (conditionOf(pod, 'Ready')?.lastTransitionTime ?? '') : '';
  return [...pods].sort(
    (a, b) =>
      Number(!!a.spec?.nodeName) - Number(!!b.spec?.nodeName) ||
      (phaseRank[a.status?.phase ?? ''] ?? 0) - (phaseRank[b.status?.phase ?? ''] ?? 0) ||
      Number(isReady(a)) - Number(isReady(b)) ||
      cost(a) - cost(b) ||
      crowd(b) - crowd(a) ||
      later(readySince(a), readySince(b)) ||
      restarts(b) - restarts(a) ||
      later(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
      later(b.metadata.name ?? '', a.metadata.name ?? ''),
  );
}

const later = (a: string, b: string) => (a === b ? 0 : a > b ? -1 : 1);
