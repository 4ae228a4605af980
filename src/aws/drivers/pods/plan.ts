import type { Task } from '@aws-sdk/client-ecs';
import type { Container, ContainerStatus, Pod } from '../../../shared/kinds/schema/types.ts';
import {
  type BackOff,
  type BackOffPolicy,
  backOffLeft,
  raiseBackOff,
} from '../../../shared/podspec/backOff.ts';
import { containersOf, lastingOf } from '../../../shared/podspec/containers.ts';
import { isSidecar, mayRestart, restarts } from '../../../shared/podspec/restart.ts';
import { keepsRunning, projector } from './definition.ts';
import { type End, endOf } from './ends.ts';
import { type FailedProbe, givenUpWords } from './givenUp.ts';
import { type Attempt, attemptOf, firstAttempt } from './identity.ts';
import { patienceMs } from './patience.ts';
import { hasProbes } from './probes.ts';
import { statusOf, unhealthy } from './statuses.ts';
import { addressOf, isStopped, wantsToRun } from './tasks.ts';

export interface Situation {
  pod: Pod;
  /** All that are known, oldest first. */
  tasks: Task[];
  now: number;
  backOff: BackOffPolicy;
}

/** Describes what to do next for a Pod that should run, and when to look again if nothing happens by itself. */
export type Step =
  | { do: 'start'; attempt: Attempt }
  /** `failed`: the container whose probe gave it up. */
  | { do: 'stop'; tasks: Task[]; why: string; failed?: FailedProbe }
  | { do: 'wait'; lookAgainMs?: number; until?: Until }
  /** It has ended for good. */
  | { do: 'nothing' };

/** Describes what a Pod without a task waits for: its next start. */
export interface Until {
  at: number;
  delayMs: number;
  end: End;
}

export function planPod({ pod, tasks, now, backOff }: Situation): Step {
  const [kept, ...doubles] = tasks.filter(wantsToRun);
  // Two at the same time came from an endpoint that does not know client tokens.
  if (doubles.length) return { do: 'stop', tasks: doubles, why: hasOne };
  if (kept) return forRunning(pod, kept, now);
  const draining = tasks.some((task) => !isStopped(task));
  if (draining) return onItsWay(pod, now);
  const last = tasks.at(-1);
  const statuses = new Map(containersOf(pod).map((c) => [c.name, statusOf(pod, c, tasks, now)]));
  if (!last)
    return hasEnded(pod, statuses) ? forEnded(pod, statuses, undefined, now, backOff) : start(firstAttempt);
  const end = endOf(last);
  if (end.kind === 'evicted') return { do: 'nothing' };
  if (end.kind === 'exited') return forEnded(pod, statuses, last, now, backOff);
  const attempt = attemptOf(last);
  const failedAt = stoppedAt(last, now);
  const raised = raiseBackOff(stateAfter(attempt, 'pull'), backOff, failedAt, failedAt);
  const at = failedAt + raised.delayMs;
  if (at > now) return waitFor({ at, delayMs: raised.delayMs, end }, now, failedAt);
  return start({ number: attempt.number + 1, after: 'pull', ...raised });
}

export const hasOne = 'the Pod has a task already';

const start = (attempt: Attempt): Step => ({ do: 'start', attempt });

const notReadyMs = 5_000;
/** The survey of each minute looks sooner. */
const surveyedMs = 60_000;
const noAddressMs = 2_000;
const behindMs = 30_000;

/** ECS says when it is there. But what it shows may be behind what it has just said, and it says nothing twice. */
const onItsWay = (pod: Pod, now: number): Step => ({
  do: 'wait',
  lookAgainMs: patienceMs(pod, now, behindMs),
});

/**
 * ECS says nothing of health and of addresses that come late: those have to be asked for, soon while somebody waits for
 * them. What is ready is left to the survey, which asks for a hundred tasks at once.
 */
function forRunning(pod: Pod, task: Task, now: number): Step {
  const containers = pod.spec?.containers ?? [];
  if (keepsRunning(pod) && containers.every(({ name }) => ended(task, name)))
    return { do: 'stop', tasks: [task], why: 'all its containers have ended' };
  const ill = unhealthy(pod, task, now);
  if (ill)
    return {
      do: 'stop',
      tasks: [task],
      why: givenUpWords(ill),
      failed: ill,
    };
  if (task.lastStatus !== 'RUNNING') return hopeless(pod, task) ?? onItsWay(pod, now);
  const unready = lastingOf(pod).some((c) => hasProbes(c) && !statusOf(pod, c, [task], now).ready);
  const waits = [
    ...(addressOf(task) ? [] : [patienceMs(pod, now, noAddressMs)]),
    ...(unready ? [patienceMs(pod, now, notReadyMs)] : []),
  ];
  const lookAgainMs = Math.min(...waits);
  return { do: 'wait', ...(lookAgainMs < surveyedMs && { lookAgainMs }) };
}

/** Others wait for the success of one that failed: such tasks ECS has left as they are for ever. */
function hopeless({ spec }: Pod, task: Task): Step | undefined {
  const inits = (spec?.initContainers ?? []).filter((container) => !isSidecar(container, true));
  const waitedFor = [projector, ...inits.map(({ name }) => name)];
  const failed = task.containers?.find(
    ({ name = '', lastStatus, exitCode = 0 }) =>
      lastStatus === 'STOPPED' && exitCode !== 0 && waitedFor.includes(name),
  );
  return failed && { do: 'stop', tasks: [task], why: `Init container ${failed.name} failed` };
}

const ended = (task: Task, name: string) =>
  task.containers?.find((each) => each.name === name)?.lastStatus === 'STOPPED';

const hasEnded = (pod: Pod, statuses: Map<string, ContainerStatus>) =>
  containersOf(pod).some(
    ({ name }) => statuses.get(name)?.state?.terminated || statuses.get(name)?.lastState?.terminated,
  );

function forEnded(
  pod: Pod,
  statuses: Map<string, ContainerStatus>,
  last: Task | undefined,
  now: number,
  policy: BackOffPolicy,
): Step {
  if (!restartsAsWhole(pod, statuses)) return { do: 'nothing' };
  const attempt = last && attemptOf(last);
  const failedAt = last ? stoppedAt(last, now) : now;
  const state = attempt ? stateAfter(attempt, 'crash') : undefined;
  const left = backOffLeft(state, failedAt, now);
  if (state && left > 0)
    return waitFor({ at: now + left, delayMs: state.delayMs, end: { kind: 'exited' } }, now, failedAt);
  const restartsSoFar = Math.max(...[...statuses.values()].map(({ restartCount }) => restartCount));
  const number = (attempt?.number ?? restartsSoFar) + 1;
  return start({ number, after: 'crash', ...raiseBackOff(state, policy, failedAt, now) });
}

/** A task is started again as a whole, when any container that ended has to be. */
function restartsAsWhole({ spec }: Pod, statuses: Map<string, ContainerStatus>): boolean {
  if (!spec) return false;
  const code = ({ name }: Container) => endIn(statuses.get(name));
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container, true)) continue;
    const exitCode = code(container);
    if (exitCode !== undefined && exitCode !== 0) return restarts(spec, container, true, exitCode);
  }
  if (spec.containers.some((c) => code(c) !== undefined && restarts(spec, c, false, code(c)!))) return true;
  // One that ended and waits is to run again, whatever it exited with: a probe had given it up.
  if (spec.containers.some((c) => mayRestart(spec, c) && waitsAgain(statuses.get(c.name)))) return true;
  // One that never came to run: what it waited for did not last.
  return spec.restartPolicy !== 'Never' && spec.containers.some((c) => code(c) === undefined);
}

const waitsAgain = ({ state, lastState }: Partial<ContainerStatus> = {}): boolean =>
  state?.waiting !== undefined && lastState?.terminated !== undefined;

const endIn = (status: ContainerStatus | undefined): number | undefined =>
  (status?.state?.terminated ?? (status?.state?.waiting && status.lastState?.terminated))?.exitCode;

const stateAfter = ({ after, delayMs, raisedAt }: Attempt, what: Attempt['after']): BackOff | undefined =>
  after === what && delayMs > 0 ? { delayMs, raisedAt } : undefined;

const stoppedAt = (task: Task, now: number): number =>
  (task.stoppedAt ?? task.executionStoppedAt ?? task.stoppingAt)?.getTime() ?? now;

/** A failed pull is said for a moment, then the wait is: another look in between. */
export const saidForMs = (delayMs: number): number => Math.min(10_000, delayMs / 4);

function waitFor(until: Until, now: number, failedAt: number): Step {
  const said = failedAt + saidForMs(until.delayMs);
  const next = until.end.kind !== 'exited' && said > now ? said : until.at;
  return { do: 'wait', until, lookAgainMs: Math.max(1, next - now) };
}
