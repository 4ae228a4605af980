import type { Pod } from '../../kinds/schema/types.ts';
import { conditionOf, isActive, isReady } from '../common/pods.ts';
import type { Ask } from './annotations.ts';
import { isAsleep, isNoted, isOf, isRolling, labelOf, sizeOf, type Workload } from './workload.ts';

export interface Observed {
  /** Undefined where nobody asks any more, or the Service is gone. */
  ask: Ask | undefined;
  /** The Service says that those who come are to wait. */
  isMarked: boolean;
  /** Somebody is about to scale its workloads to zero, or ended while at it. */
  isGoing: boolean;
  /** Those whose Pods the Service selects, or that were put to sleep for it. */
  workloads: Workload[];
  /** Those that the Service selects. */
  pods: Pod[];
  /** When it, or another Service with the same Pods, was last used; undefined while not known. Milliseconds since the epoch. */
  lastUsed: number | undefined;
  /** Somebody waits. */
  isWanted: boolean;
  now: number;
}

export interface Plan {
  /** Says why what is asked for cannot be. */
  refused?: string;
  /** Says whether connections may wait while nothing can take them. */
  mayWait: boolean;
  /** The Service should say, or not say any more, that those who come are to wait. Absent: as it is. */
  mark?: boolean;
  /** To be scaled to zero once nobody is led to their Pods. */
  sleep: Workload[];
  /** To be scaled to the size that they had. */
  wake: Workload[];
  /** They were given another size by somebody: what was noted of them is out of date. */
  forget: Workload[];
  /** Pods that are ready, of workloads that are not to sleep. */
  stay: Pod[];
  /** Says when to look again; undefined: when something changes. */
  againMs?: number;
}

/** Says how soon to look again at what others are doing, at Pods that start, and at what is refused for others' sake. */
const soonMs = 100;
const startingMs = 1_000;
const rarelyMs = 60_000;

/** Decides who sleeps. Pure. */
export function plan(observed: Observed): Plan {
  const { ask, isMarked, isGoing, workloads, pods } = observed;
  const asleep = workloads.filter(isAsleep);
  const live = pods.filter(isActive);
  const running = workloads.filter((each) => sizeOf(each) > 0);
  const todo: Plan = {
    mayWait: false,
    sleep: [],
    wake: [],
    forget: workloads.filter((each) => isNoted(each) && !isAsleep(each)),
    stay: live.filter((pod) => isReady(pod) && running.some((each) => isOf(each, pod))),
  };
  const refused = ask && ('refused' in ask ? ask.refused : strangers(live, workloads));
  if (!ask || refused !== undefined || 'refused' in ask) {
    // Nobody would bring back what sleeps.
    const wake = asleep.filter((each) => !live.some((pod) => isOf(each, pod)));
    const again = asleep.length > wake.length ? soonMs : ask && rarelyMs;
    return { ...todo, wake, ...unmark(isMarked), ...(refused && { refused }), ...after(again) };
  }
  todo.mayWait = asleep.length + running.length > 0;
  const dueMs = untilSilent(observed, running, ask.afterMs);
  const isUsed = observed.isWanted || (running.length > 0 && dueMs > 0);
  if (asleep.length > 0 && isUsed) {
    // One whose last Pods are still there would keep them, and its clients would be led to what is ending.
    todo.wake = asleep.filter((each) => !live.some((pod) => isOf(each, pod)));
    return { ...todo, ...after(todo.wake.length < asleep.length ? soonMs : startingMs) };
  }
  if (running.length === 0)
    return {
      ...todo,
      ...(asleep.length > 0 && !isMarked && { mark: true }),
      ...(asleep.length === 0 && { ...unmark(isMarked), ...after(Math.min(ask.afterMs, rarelyMs)) }),
    };
  if (!isUsed) return { ...todo, sleep: running, stay: [], ...(!isMarked && { mark: true }) };
  // What is seen to run may be at an end by now.
  if (isGoing) return { ...todo, stay: [], ...after(startingMs) };
  if (!isMarked) return { ...todo, ...after(dueMs) };
  return todo.stay.length > 0 ? { ...todo, mark: false, ...after(dueMs) } : { ...todo, ...after(startingMs) };
}

const after = (againMs: number | undefined) => (againMs === undefined ? {} : { againMs });
const unmark = (isMarked: boolean) => (isMarked ? { mark: false } : {});

/** Milliseconds until nobody used it for long enough; 0 when that is so. */
function untilSilent({ lastUsed, pods, now }: Observed, running: Workload[], afterMs: number): number {
  if (lastUsed === undefined || running.some(isRolling)) return Math.min(afterMs, rarelyMs);
  const quietSince = Math.max(lastUsed, ...pods.filter(isActive).map(startOf));
  return Math.max(0, quietSince + afterMs - now);
}

/** A Pod that has just become ready was wanted by somebody. */
const startOf = (pod: Pod): number =>
  Math.max(
    Date.parse(pod.metadata.creationTimestamp ?? '') || 0,
    Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '') || 0,
  );

/** A sentence when the Service selects Pods that nothing here can bring back. */
function strangers(live: Pod[], workloads: Workload[]): string | undefined {
  const stranger = live.find((pod) => !workloads.some((each) => isOf(each, pod)));
  return (
    stranger && `it selects Pod ${stranger.metadata.name}, which no Deployment or StatefulSet behind it made`
  );
}

/** Returns what an Event says of one that goes to sleep. */
export const sleepMessage = (workload: Workload, silence: string): string =>
  `Nobody used it for ${silence}: scaled ${labelOf(workload)} from ${sizeOf(workload)} to 0; the next connection brings it back`;

/** Returns what an Event says of one that comes back. */
export const wakeMessage = (workload: Workload, size: number, isWanted: boolean): string =>
  `${isWanted ? 'A connection waits' : 'It is not to be scaled to zero any more'}: scaled ${labelOf(workload)} from 0 to ${size}`;
