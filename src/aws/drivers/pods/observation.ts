import type { Task } from '@aws-sdk/client-ecs';
import type { ContainerState, ContainerStatus, Pod } from '../../../shared/kinds/schema/types.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import { crashLoopBackOff, errImagePull, imagePullBackOff, waiting } from '../../../shared/podspec/status.ts';
import type { PodObservation, PodRef } from '../../../shared/ports/cloud.ts';
import { endOf, failedToPull } from './ends.ts';
import { type Step, saidForMs, type Until } from './plan.ts';
import type { Refusal } from './refusals.ts';
import { statusOf } from './statuses.ts';
import { addressOf, isStopped, wantsToRun } from './tasks.ts';

/** One look at a Pod: its tasks, what was decided, and what came in the way. */
export interface Look {
  tasks: Task[];
  step: Step;
  /** Says why its containers cannot be created as the Pod asks. */
  waiting?: { reason: string; message: string; retryMs?: number };
  refusal?: Refusal;
  /** Nothing will say that it is time: the task that was adopted has ended already. */
  lookAgainMs?: number;
}

/** Returns what a look shows. `ending`: the Pod was told to stop. */
export function observationOf(
  ref: PodRef,
  pod: Pod,
  look: Look,
  now: number,
  ending: boolean,
): PodObservation {
  const { tasks, step, refusal } = look;
  const current = tasks.find(wantsToRun) ?? tasks.findLast((task) => !isStopped(task)) ?? tasks.at(-1);
  const alive = tasks.some((task) => !isStopped(task));
  const podIP = current && !isStopped(current) ? addressOf(current) : undefined;
  const inits = pod.spec?.initContainers?.length ?? 0;
  const until = step.do === 'wait' && !ending ? step.until : undefined;
  const statuses = containersOf(pod).map((container) => {
    const status = statusOf(pod, container, tasks, now);
    if (alive || ending) return status;
    if (look.waiting) return held(status, waiting(look.waiting.reason, look.waiting.message));
    return until ? waitingFor(ref, status, until, tasks.at(-1), now) : status;
  });
  const end = !alive && current && step.do === 'nothing' ? endOf(current) : undefined;
  const startedAt = tasks[0]?.createdAt?.getTime();
  const lookAgainMs = nextLook(look);
  const why = refusal ?? (until?.end.kind === 'sandbox' ? until.end : undefined);
  return {
    // A task's network interface is the only host that it has.
    ...(podIP && { podIP, hostIP: podIP }),
    ...(startedAt && { startedAt }),
    initContainerStatuses: statuses.slice(0, inits),
    containerStatuses: statuses.slice(inits),
    stopped: !alive && (ending || step.do === 'nothing'),
    ...(end?.kind === 'evicted' && { reason: end.reason, message: end.message }),
    ...(why && { held: { reason: why.reason, message: why.message } }),
    ...(lookAgainMs !== undefined && (alive || !ending) && { lookAgainMs }),
  };
}

function nextLook({ step, waiting, refusal, lookAgainMs }: Look): number | undefined {
  const planned = step.do === 'wait' ? step.lookAgainMs : undefined;
  return refusal?.retryMs ?? waiting?.retryMs ?? lookAgainMs ?? planned;
}

/** Not running, and why; how it ended last stays visible. */
const held = (status: ContainerStatus, state: ContainerState): ContainerStatus => ({
  ...status,
  ready: false,
  started: false,
  state,
  ...(status.state?.terminated && { lastState: { terminated: status.state.terminated } }),
});

function waitingFor(ref: PodRef, status: ContainerStatus, until: Until, last: Task | undefined, now: number) {
  const { end, at, delayMs } = until;
  const { name, image, state, lastState } = status;
  if (end.kind === 'exited')
    return (state?.terminated || (state?.waiting && lastState?.terminated)) && !isDoneInit(status)
      ? held(status, crashLoopBackOff(ref, name, delayMs))
      : status;
  if (end.kind === 'config') return held(status, waiting('CreateContainerConfigError', end.message));
  if (end.kind !== 'pull' || !last || !failedToPull(last, { name, image })) return status;
  const saysError = now < at - delayMs + saidForMs(delayMs);
  return held(status, saysError ? errImagePull(end.message) : imagePullBackOff(image, end.message));
}

/** An init container that did its work is ready, and shows it, though it runs again with the next task. */
const isDoneInit = ({ ready, state }: ContainerStatus) => ready && state?.terminated?.exitCode === 0;
