import { formatTime } from '../../clock/clock.ts';
import type {
  ControllerRevision,
  DaemonSet,
  DaemonSetCondition,
  DaemonSetStatus,
  Node,
  Pod,
} from '../../kinds/schema/types.ts';
import { isReady, untilAvailable } from '../common/pods.ts';
import type { EventFacts } from '../controller.ts';
import { isVirtual } from '../node/plan.ts';
import { podNames } from '../replicaset/names.ts';
import { hashOf, type Revisions, revisionLabel, surplusRevisions } from '../revisions/plan.ts';
import { homeless, type Place, placesOf } from './places.ts';
import { podOf } from './podOf.ts';
import { allowsSurge, isFresh, roll } from './rolling.ts';

export interface Observed {
  set: DaemonSet;
  nodes: Node[];
  /** Those that it controls. */
  pods: Pod[];
  revisions: Revisions;
  /** Changes when a Pod of the set is gone: names of new ones take it in. */
  epoch: number;
  now: number;
}

export interface Plan {
  create: Pod[];
  delete: Pod[];
  deleteRevisions: ControllerRevision[];
  status: DaemonSetStatus;
  events: EventFacts[];
  requeueAfterMs?: number;
}

/** A Pod that fails at once is not replaced more often than this. */
const failureRestMs = 10_000;

export function plan(observed: Observed): Plan {
  const { set, nodes, pods, revisions, now } = observed;
  const hash = hashOf(revisions.update);
  const places = placesOf(set, nodes, pods);
  const events: EventFacts[] = [];
  const minReady = set.spec?.minReadySeconds ?? 0;
  const waits = pods.map((pod) => untilAvailable(pod, minReady, now));
  const status = { ...statusOf(observed, places, hash), ...unsupported(observed, places, events) };
  const todo: Plan = { create: [], delete: [], deleteRevisions: [], status, events };
  if (!set.metadata.deletionTimestamp) {
    const nodesWithout: string[] = [];
    todo.delete.push(...homeless(nodes, pods));
    for (const place of places) {
      const { wants, remove, waitMs } = keep(set, place, hash, now, events);
      if (wants) nodesWithout.push(place.node);
      todo.delete.push(...remove);
      if (waitMs) waits.push(waitMs);
    }
    // What the template changes waits until every Node has what it should.
    if (nodesWithout.length + todo.delete.length === 0 && set.spec?.updateStrategy?.type !== 'OnDelete') {
      const step = roll(set, places, hash, now);
      nodesWithout.push(...step.nodes);
      todo.delete.push(...step.delete);
    }
    todo.create = nodesWithout.map((node) => newPod(observed, node, hash));
    const live = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionLabel]));
    const names = revisions.all.filter((revision) => live.has(hashOf(revision)));
    const kept = new Set([...names, revisions.update].map(({ metadata }) => metadata.name ?? ''));
    todo.deleteRevisions = surplusRevisions(revisions.all, kept, set.spec?.revisionHistoryLimit ?? 10);
  }
  const wait = Math.min(...waits.filter((ms) => ms > 0 && ms < Number.POSITIVE_INFINITY));
  return { ...todo, ...(wait < Number.POSITIVE_INFINITY && { requeueAfterMs: wait }) };
}

interface Kept {
  wants: boolean;
  remove: Pod[];
  waitMs?: number;
}

/** Returns what one Node needs, whatever the template. */
function keep(set: DaemonSet, place: Place, hash: string, now: number, events: EventFacts[]): Kept {
  const { node, pods, shouldRun, mayStay } = place;
  const there = pods.filter(
    ({ metadata, status }) =>
      !(metadata.deletionTimestamp && ['Failed', 'Succeeded'].includes(status?.phase ?? '')),
  );
  const standing = there.filter(({ metadata }) => !metadata.deletionTimestamp);
  if (shouldRun && there.length === 0) return { wants: true, remove: [] };
  if (!mayStay) return { wants: false, remove: standing };
  const remove: Pod[] = [];
  const running: Pod[] = [];
  let waitMs: number | undefined;
  for (const pod of standing) {
    const { phase } = pod.status ?? {};
    const { namespace, name, creationTimestamp = '' } = pod.metadata;
    if (phase !== 'Failed' && phase !== 'Succeeded') {
      running.push(pod);
      continue;
    }
    const rest = phase === 'Failed' ? Date.parse(creationTimestamp) + failureRestMs - now : 0;
    if (rest > 0) {
      waitMs = rest;
      continue;
    }
    remove.push(pod);
    const what = `daemon pod ${namespace}/${name} on node ${node}, will try to`;
    events.push(
      phase === 'Failed'
        ? { type: 'Warning', reason: 'FailedDaemonPod', message: `Found failed ${what} kill it` }
        : { type: 'Normal', reason: 'SucceededDaemonPod', message: `Found succeeded ${what} delete it` },
    );
  }
  const surge = allowsSurge(set);
  const surplus = surge ? beyondTwo(set, running, hash, now) : running.slice(1);
  const wants = surge && shouldRun && running.length === 0;
  return { wants, remove: [...remove, ...surplus], ...(waitMs && { waitMs }) };
}

/** Two Pods may be on a Node while the new one is not up and the old one is: one of each. */
function beyondTwo(set: DaemonSet, running: Pod[], hash: string, now: number): Pod[] {
  if (running.length <= 1) return [];
  const [fresh, ...moreFresh] = running.filter((pod) => isFresh(pod, hash));
  const [old, ...moreOld] = running.filter((pod) => !isFresh(pod, hash));
  const isDone =
    fresh && old && (!isReady(old) || untilAvailable(fresh, set.spec?.minReadySeconds ?? 0, now) === 0);
  return [...moreFresh, ...moreOld, ...(isDone ? [old] : [])];
}

function newPod({ set, pods, epoch }: Observed, node: string, hash: string): Pod {
  const { name = '', uid = '' } = set.metadata;
  const inUse = new Set(pods.map(({ metadata }) => metadata.name ?? ''));
  const names = podNames({ name, uid: `${uid}/${node}/${hash}` }, epoch, inUse);
  return podOf(set, names.next().value as string, node, hash);
}

function statusOf({ set, now }: Observed, places: Place[], hash: string): DaemonSetStatus {
  const wanted = places.filter(({ shouldRun }) => shouldRun);
  const oldest = wanted.flatMap(({ pods }) => pods[0] ?? []);
  const available = oldest.filter((pod) => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, now) === 0);
  const optional = {
    updatedNumberScheduled: oldest.filter((pod) => isFresh(pod, hash)).length,
    numberAvailable: available.length,
    numberUnavailable: wanted.length - available.length,
  };
  const { collisionCount, conditions } = set.status ?? {};
  return {
    currentNumberScheduled: oldest.length,
    numberMisscheduled: places.filter(({ shouldRun, pods }) => !shouldRun && pods.length > 0).length,
    desiredNumberScheduled: wanted.length,
    numberReady: oldest.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, count]) => count > 0)),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions && { conditions }),
  };
}

const conditionType = 'NodesForDaemons';

/** Says why nothing runs where every Node is one that no daemon can be on. */
function unsupported(
  { set, nodes, now }: Observed,
  places: Place[],
  events: EventFacts[],
): Pick<DaemonSetStatus, 'conditions'> {
  const before = set.status?.conditions ?? [];
  const others = before.filter(({ type }) => type !== conditionType);
  const isMoot = places.some(({ shouldRun }) => shouldRun) || !nodes.some(isVirtual);
  if (isMoot) return before.length > others.length && others.length > 0 ? { conditions: others } : {};
  const message =
    'The Nodes of this cluster are virtual: every Pod has a machine of its own, on which no other Pod can serve it. Run what the daemon does as a sidecar container of the Pods that need it, or as a Deployment';
  const [reason, type] = ['VirtualNodes', 'Warning' as const];
  if (before.some((condition) => condition.type === conditionType)) return {};
  events.push({ type, reason, message });
  const lastTransitionTime = formatTime(now);
  const condition: DaemonSetCondition = {
    type: conditionType,
    status: 'False',
    lastTransitionTime,
    reason,
    message,
  };
  return { conditions: [...others, condition] };
}
