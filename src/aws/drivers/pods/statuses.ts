import type { Container as EcsContainer, Task } from '@aws-sdk/client-ecs';
import { formatTime } from '../../../shared/clock/clock.ts';
import type {
  Container,
  ContainerStateTerminated,
  ContainerStatus,
  Pod,
} from '../../../shared/kinds/schema/types.ts';
import { lastingOf } from '../../../shared/podspec/containers.ts';
import { isSidecar } from '../../../shared/podspec/restart.ts';
import { running, terminated, waiting } from '../../../shared/podspec/status.ts';
import { withPlatformCure } from './architecture.ts';
import { type FailedProbe, runsAgain } from './givenUp.ts';
import { containerIdOf, taskId, taskIn } from './identity.ts';
import { probingOf } from './probes.ts';
import { isStopped, wantsToRun } from './tasks.ts';

/**
 * A container's status, told from what the Pod's status said last and the tasks there have been since, oldest first.
 * Nothing else is remembered: told twice from the same, it is the same.
 */
export function statusOf(pod: Pod, container: Container, tasks: Task[], now: number): ContainerStatus {
  const before = storedStatus(pod, container.name);
  const fresh: ContainerStatus = {
    name: container.name,
    image: container.image ?? '',
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: waiting(pod.spec?.initContainers?.length ? 'PodInitializing' : 'ContainerCreating'),
  };
  const folded = historyOf(tasks).reduce(
    (status, task) => after(status, task, container, pod, now),
    before ?? fresh,
  );
  return lost(folded, tasks, now);
}

/** Those before the one that stays: of doubles nothing is counted. */
function historyOf(tasks: Task[]): Task[] {
  const kept = tasks.find(wantsToRun);
  return kept ? tasks.slice(0, tasks.indexOf(kept) + 1) : tasks;
}

export const storedStatus = ({ status }: Pod, name: string): ContainerStatus | undefined =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
    (each) => each.name === name,
  );

/** Returns how one more task moves a status on. */
function after(
  status: ContainerStatus,
  task: Task,
  container: Container,
  pod: Pod,
  now: number,
): ContainerStatus {
  const id = taskId(task);
  const c = containerIn(task, container, pod);
  // Done with it already: it waits for the next one.
  if (!c || (status.state?.waiting && taskIn(status.lastState?.terminated?.containerID) === id))
    return status;
  const known = taskIn(status.containerID) === id && !status.state?.waiting ? status.state : undefined;
  const base = { ...status, image: container.image ?? '', containerID: containerIdOf(task, container.name) };
  if (!hasRun(c) && !known?.running) return pending(base, task);
  const previous = known ? undefined : endBefore(status, now);
  const startedAt = known?.running?.startedAt ?? known?.terminated?.startedAt ?? timeOf(task.startedAt, now);
  const common = {
    ...base,
    imageID: c.imageDigest ? `${repository(container.image ?? '')}@${c.imageDigest}` : '',
    restartCount: status.restartCount + (previous ? 1 : 0),
    ...(previous && { lastState: { terminated: previous } }),
  };
  // For a task whose host went away, the newest that ECS knows may be that the container ran.
  if (c.lastStatus === 'STOPPED' || isStopped(task)) {
    const end = known?.terminated ?? endOfContainer(task, c, Date.parse(startedAt), now);
    const isMain = pod.spec?.containers.includes(container) ?? false;
    if (isMain && runsAgain(pod, container, task)) {
      const state = waiting('ContainerCreating');
      return { ...common, state, lastState: { terminated: end }, started: false, ready: false };
    }
    const ready = isPlainInit(container, pod) && end.exitCode === 0;
    return { ...common, state: { terminated: end }, started: false, ready };
  }
  const standing = isPlainInit(container, pod)
    ? { ready: false, started: true }
    : health(task, container, known !== undefined && status.started === true);
  return { ...common, state: running(Date.parse(startedAt)), ...standing };
}

const isPlainInit = (container: Container, { spec }: Pod): boolean =>
  (spec?.initContainers?.includes(container) ?? false) && !isSidecar(container, true);

/** An init container has done its work once those that wait for it run, even where ECS does not say so yet. */
function containerIn(task: Task, container: Container, pod: Pod): EcsContainer | undefined {
  const find = (name: string) => task.containers?.find((each) => each.name === name);
  const c = find(container.name);
  const waited =
    isPlainInit(container, pod) && pod.spec?.containers.some(({ name }) => hasRun(find(name) ?? {}));
  return c && waited && c.lastStatus !== 'STOPPED' ? { ...c, lastStatus: 'STOPPED', exitCode: 0 } : c;
}

/** While a new task is on its way, why the container waits stays as it was. */
function pending(status: ContainerStatus, task: Task): ContainerStatus {
  const { state, lastState } = status;
  const end = state?.terminated;
  if (!end || taskIn(end.containerID) === taskId(task)) return { ...status, ready: false, started: false };
  return {
    ...status,
    ready: false,
    started: false,
    state: waiting('ContainerCreating'),
    lastState: end ? { terminated: end } : lastState,
  };
}

const hasRun = ({ exitCode, lastStatus, reason = '' }: EcsContainer): boolean =>
  !heldBack.test(reason) && (lastStatus === 'RUNNING' || exitCode !== undefined || startError.test(reason));

/** One that it waited for has failed; the agent gives it an exit code all the same. */
const heldBack = /failed to resolve container ordering dependency/;

const startError = /CannotStartContainerError|CannotCreateContainerError|ContainerRuntimeError/;

/** Returns how the run before this one ended; undefined when there was none. */
function endBefore(
  { state, lastState, containerID }: ContainerStatus,
  now: number,
): ContainerStateTerminated | undefined {
  if (state?.running) return unknownEnd(state.running.startedAt, containerID, now);
  return state?.terminated ?? lastState?.terminated;
}

/** It ran in a task that ECS has forgotten. */
function lost(status: ContainerStatus, tasks: Task[], now: number): ContainerStatus {
  const task = taskIn(status.containerID);
  if (!status.state?.running || tasks.some((each) => taskId(each) === task)) return status;
  const end = unknownEnd(status.state.running.startedAt, status.containerID, now);
  return { ...status, state: { terminated: end }, ready: false, started: false };
}

const unknownEnd = (startedAt: string | undefined, containerID: string | undefined, now: number) =>
  terminated({
    exitCode: 137,
    startedAt: Date.parse(startedAt ?? '') || now,
    finishedAt: now,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
    ...(containerID && { containerID }),
  });

function endOfContainer(
  task: Task,
  c: EcsContainer,
  startedAt: number,
  now: number,
): ContainerStateTerminated {
  const { exitCode, reason = '' } = c;
  const containerID = containerIdOf(task, c.name ?? '');
  const finishedAt = Date.parse(timeOf(task.executionStoppedAt ?? task.stoppedAt, now));
  const end = { startedAt, finishedAt, containerID };
  if (startError.test(reason))
    return terminated({
      ...end,
      exitCode: exitCode ?? 128,
      reason: 'StartError',
      message: withPlatformCure(reason, task),
    });
  if (exitCode === undefined) return unknownEnd(formatTime(startedAt), containerID, now);
  if (/OutOfMemory/.test(`${reason} ${exitCode === 137 ? task.stoppedReason : ''}`))
    return terminated({ ...end, exitCode, reason: 'OOMKilled' });
  return terminated({ ...end, exitCode });
}

const timeOf = (time: Date | undefined, now: number): string => formatTime(time?.getTime() ?? now);

const repository = (image: string) => image.replace(/[:@][^/]*$/, '');

/** Started and ready as its probes say, or as soon as it runs where they cannot be asked. Once started, it stays so. */
function health(task: Task, container: Container, wasStarted: boolean): { ready: boolean; started: boolean } {
  const { checkedBy } = probingOf(container, '');
  const passes = (checker: string | undefined) => !checker || healthIn(task, checker) === 'HEALTHY';
  const started = wasStarted || passes(checkedBy.startup);
  // Told to stop, it gets no more requests, though it may run for another while: two minutes on Spot.
  return { started, ready: started && wantsToRun(task) && passes(checkedBy.readiness) };
}

const healthIn = ({ containers = [] }: Task, checker: string) =>
  containers.find(({ name }) => name === checker)?.healthStatus;

/**
 * The container that its startup probe, or once it has started its liveness probe, has given up. ECS can start nothing but the
 * whole task anew: for a sidecar that is done only where the others are to run again all the same.
 */
export function unhealthy(pod: Pod, task: Task, now: number): FailedProbe | undefined {
  const isAlways = (pod.spec?.restartPolicy ?? 'Always') === 'Always';
  for (const container of isAlways ? lastingOf(pod) : (pod.spec?.containers ?? [])) {
    const { checkedBy } = probingOf(container, '');
    const probe = statusOf(pod, container, [task], now).started ? 'liveness' : 'startup';
    const checker = checkedBy[probe];
    if (checker && healthIn(task, checker) === 'UNHEALTHY') return { name: container.name, probe };
  }
  return undefined;
}
