import type { Node, PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { type Facts, noFacts } from './facts.ts';
import { best, type Fit, fitOf } from './fit.ts';
import { undecidedClaims } from './plugins/volumeBinding.ts';
import { preempt, priorityOf } from './preempt.ts';
import { type Place, type Snapshot, snapshotOf } from './snapshot.ts';
import { availability, noNodes, refused, withPreemption } from './words.ts';

/** Describes what the scheduler does next. */
export interface Plan {
  bind: { pod: Pod; node: string }[];
  /** `nominate`: the Node that the Pod has been promised, '' for none any more; absent: as it is. */
  unschedulable: { pod: Pod; message: string; nominate?: string }[];
  /** Pods that have to leave a Node for one of higher priority. */
  evict: { victim: Pod; by: Pod; node: string }[];
  /** Claims whose volume is to be found or made for a Node; their Pod is bound when they have it. */
  select: { claim: PersistentVolumeClaim; node: string }[];
}

/** Returns whether the Pod waits for this scheduler: it has no Node, no gates, and no other scheduler's name. */
export const isPending = (pod: Pod): boolean =>
  !pod.spec?.nodeName &&
  !pod.metadata.deletionTimestamp &&
  !isTerminal(pod) &&
  (pod.spec?.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
  !pod.spec?.schedulingGates?.length;

/**
 * Gives each pending Pod, the most important and then the oldest first, the best of the Nodes that can take it, and sends
 * others away where that helps. Pods that wait for company are looked at again as long as others find a place.
 */
export function plan(pods: Pod[], nodes: Node[], facts: Partial<Facts> = {}): Plan {
  const snapshot = snapshotOf(
    pods,
    nodes.filter(({ metadata }) => !metadata.deletionTimestamp),
    { ...noFacts, ...facts },
  );
  const result: Plan = { bind: [], unschedulable: [], evict: [], select: [] };
  const promised = new Set<Pod>();
  let waiting = pods.filter(isPending).sort(byTurn);
  while (waiting.length > 0) {
    const before = result.bind.length;
    result.unschedulable = result.unschedulable.filter(({ pod }) => !waiting.includes(pod));
    for (const pod of waiting) place(pod, snapshot, result, promised);
    const isStuck = result.bind.length === before;
    const left = result.unschedulable.map(({ pod }) => pod);
    waiting = isStuck ? [] : left.filter((pod) => wantsCompany(pod) && !promised.has(pod));
  }
  return result;
}

function place(pod: Pod, snapshot: Snapshot, result: Plan, promised: Set<Pod>): void {
  /** Those of no higher priority, whose turn comes later, find the room taken. */
  const promise = (to: Place) => {
    snapshot.add(pod, to);
    promised.add(pod);
  };
  const fit = fitOf(pod, snapshot);
  const found = best(pod, preferNominated(pod, fit.feasible), snapshot);
  if (found) {
    snapshot.add(pod, found);
    const undecided = undecidedClaims(pod, snapshot.facts);
    if (undecided.length === 0) result.bind.push({ pod, node: found.name });
    for (const claim of undecided) result.select.push({ claim, node: found.name });
    return;
  }
  const message = whyNot(fit, snapshot);
  if (snapshot.places.length === 0) {
    result.unschedulable.push({ pod, message });
    return;
  }
  const outcome = preempt(pod, fit, snapshot);
  if ('place' in outcome) {
    promise(outcome.place);
    const taken = new Set(result.evict.map(({ victim }) => victim));
    for (const victim of outcome.victims)
      if (!taken.has(victim)) result.evict.push({ victim, by: pod, node: outcome.place.name });
    result.unschedulable.push({ pod, message, nominate: outcome.place.name });
    return;
  }
  const nominated = outcome.keeps ? snapshot.place(pod.status?.nominatedNodeName ?? '') : undefined;
  if (nominated) promise(nominated);
  result.unschedulable.push({
    pod,
    message: withPreemption(message, outcome.why),
    ...(!outcome.keeps && { nominate: '' }),
  });
}

/** Returns where others have left for the Pod it goes, if it still can. */
function preferNominated({ status }: Pod, feasible: Place[]): Place[] {
  const nominated = feasible.filter(({ name }) => name === status?.nominatedNodeName);
  return nominated.length > 0 ? nominated : feasible;
}

function whyNot({ refusal, rejections }: Fit, { places }: Snapshot): string {
  if (places.length === 0) return noNodes;
  if (refusal !== undefined) return refused(places.length, refusal);
  return availability(
    places.length,
    [...rejections.values()].flatMap(({ reasons }) => reasons),
  );
}

const wantsCompany = ({ spec }: Pod): boolean =>
  !!spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length;

/** Of the same priority those that have been promised a place go first. */
const byTurn = (a: Pod, b: Pod) =>
  priorityOf(b) - priorityOf(a) ||
  Number(!a.status?.nominatedNodeName) - Number(!b.status?.nominatedNodeName) ||
  (turnOf(a) < turnOf(b) ? -1 : 1);

const turnOf = ({ metadata: m }: Pod) => `${m.creationTimestamp} ${m.namespace}/${m.name}`;
