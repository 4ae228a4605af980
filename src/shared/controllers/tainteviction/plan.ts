import { boundedSeconds } from '../../clock/seconds.ts';
import type { Node, Pod, Taint } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { isAbout } from '../common/tolerations.ts';

export interface Plan {
  evict: Pod[];
  /** Until the next Pod's patience ends. */
  requeueAfterMs?: number;
}

/** Returns the taints of a Node that drive away Pods which already run there. */
export const driving = ({ spec }: Node): Taint[] =>
  (spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

/**
 * Returns which Pods a Node's NoExecute taints drive away, now or later. A taint without a time is as if just added.
 */
export function plan(taints: Taint[], pods: Pod[], now: number): Plan {
  const evict: Pod[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp || isTerminal(pod)) continue;
    const end = Math.min(...taints.map((taint) => endOf(pod, taint, now)));
    if (end <= now) evict.push(pod);
    else next = Math.min(next, end - now);
  }
  return { evict, ...(next < Number.POSITIVE_INFINITY && { requeueAfterMs: next }) };
}

/**
 * Returns when the Pod's patience with a taint ends: never, at once, or some time after the taint was added or, where that is
 * later, the Pod came to its Node.
 */
function endOf(pod: Pod, taint: Taint, now: number): number {
  // Of several about one taint, the first counts.
  const toleration = pod.spec?.tolerations?.find((each) => isAbout(each, taint));
  if (!toleration) return Number.NEGATIVE_INFINITY;
  const { tolerationSeconds: seconds } = toleration;
  const patience = seconds === undefined ? Number.POSITIVE_INFINITY : boundedSeconds(seconds);
  const since = taint.timeAdded ? Date.parse(taint.timeAdded) : now;
  return Math.max(since, cameAt(pod)) + Math.max(0, patience) * 1000;
}

/** Returns when the Pod was bound to its Node, or made where it names the Node itself. */
function cameAt({ metadata, status }: Pod): number {
  const bound = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'True');
  const times = [metadata.creationTimestamp, bound?.lastTransitionTime].map((time) =>
    time ? Date.parse(time) : 0,
  );
  return Math.max(...times);
}

/** The taints with a time for each whose end some Pod waits for; undefined when all have one. */
export function timed(taints: Taint[], now: string): Taint[] | undefined {
  const isBare = ({ effect, timeAdded }: Taint) => effect === 'NoExecute' && !timeAdded;
  return taints.some(isBare)
    ? taints.map((taint) => (isBare(taint) ? { ...taint, timeAdded: now } : taint))
    : undefined;
}
