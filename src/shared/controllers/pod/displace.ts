import type { Pod } from '../../kinds/schema/types.ts';
import { qosClassOf } from '../../meta/qos.ts';
import { isCritical } from '../../podspec/critical.ts';
import { conditionOf } from '../common/pods.ts';
import { podRequests } from '../scheduler/resources.ts';
import { asCounted } from './allocated.ts';

/** How much of a resource has to become free. */
interface Need {
  name: string;
  amount: number;
}

/** Is what a Pod ends with that had to leave its node for a critical one, in kubelet's words. */
export const displaced = { reason: 'Preempting', message: 'Preempted in order to admit critical pod' };

/** Is the condition by which a Pod is told to leave: a control plane that starts anew goes on with it. */
export const leavingCondition = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'TerminationByKubelet',
  message: 'Pod was preempted by Kubelet to accommodate a critical pod.',
} as const;

/** Returns whether the node has told the Pod to leave. */
export function isLeaving(pod: Pod): boolean {
  const { status, reason, message } = conditionOf(pod, leavingCondition.type) ?? {};
  return status === 'True' && reason === leavingCondition.reason && message === leavingCondition.message;
}

/**
 * Chooses the Pods that leave a node for a critical one, as kubelet does: as few as possible, those with guarantees last,
 * and of equals the smaller. Those that leave already count first.
 *
 * @param unmet says what even all of them would not free
 */
export function chooseLeaving(
  pod: Pod,
  needs: readonly Need[],
  others: readonly Pod[],
): { leaving: Pod[]; unmet?: string } {
  const going = others.filter(isLeaving);
  const wanted = without(needs, going);
  const classes = ['BestEffort', 'Burstable', 'Guaranteed'].map((name) =>
    others.filter(
      (each) => !isLeaving(each) && mayDisplace(pod, each) && each.spec && qosClassOf(each.spec) === name,
    ),
  );
  const [bestEffort = [], burstable = [], guaranteed = []] = classes;
  const missing = without(wanted, classes.flat());
  if (missing.length)
    return {
      leaving: [],
      unmet: `error finding a set of pods to preempt: no set of running pods found to reclaim resources: [${missing
        .map(({ name, amount }) => `(res: ${name}, q: ${amount}), `)
        .join('')}]`,
    };
  const last = closest(guaranteed, without(wanted, [...bestEffort, ...burstable]));
  const second = closest(burstable, without(wanted, [...bestEffort, ...last]));
  const first = closest(bestEffort, without(wanted, [...second, ...last]));
  return { leaving: [...going, ...first, ...second, ...last] };
}

const mayDisplace = (pod: Pod, other: Pod): boolean =>
  (isCritical(pod) && !isCritical(other)) ||
  (pod.spec?.priority !== undefined &&
    other.spec?.priority !== undefined &&
    pod.spec.priority > other.spec.priority);

const held = (pod: Pod, name: string): number => podRequests(asCounted(pod))[name] ?? 0;

const without = (needs: readonly Need[], pods: readonly Pod[]): Need[] =>
  needs.flatMap(({ name, amount }) => {
    const left = pods.reduce((rest, pod) => rest - held(pod, name), amount);
    return left > 0 ? [{ name, amount: left }] : [];
  });

/** Takes the Pod that comes closest to what is needed, until nothing is. */
function closest(pods: readonly Pod[], needs: Need[]): Pod[] {
  const chosen: Pod[] = [];
  const left = [...pods];
  for (let rest = needs; rest.length > 0 && left.length > 0; ) {
    const best = left.reduce((a, b) => {
      const difference = distance(b, rest) - distance(a, rest);
      return difference < 0 || (difference === 0 && isSmaller(b, a)) ? b : a;
    });
    chosen.push(best);
    left.splice(left.indexOf(best), 1);
    rest = without(rest, [best]);
  }
  return chosen;
}

/** How much of the needs would be left, each counting the same. */
const distance = (pod: Pod, needs: readonly Need[]): number =>
  needs.reduce((sum, { name, amount }) => sum + (Math.max(0, amount - held(pod, name)) / amount) ** 2, 0);

function isSmaller(a: Pod, b: Pod): boolean {
  const [memoryA, memoryB] = [held(a, 'memory'), held(b, 'memory')];
  return memoryA !== memoryB ? memoryA < memoryB : held(a, 'cpu') <= held(b, 'cpu');
}
