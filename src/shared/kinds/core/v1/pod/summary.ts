/** A Pod in one line: what `kubectl get pods` says under READY, STATUS and RESTARTS. */
import { since } from '../../../printing/duration.ts';
import type { ContainerStateTerminated, ContainerStatus, Pod } from '../../../schema/types.ts';

/** Writes the column READY: ready containers of all, sidecars counted. */
export function readyText(pod: Pod): string {
  const { ready } = summarise(pod);
  const sidecars = pod.spec?.initContainers?.filter(isSidecar).length ?? 0;
  return `${ready}/${(pod.spec?.containers.length ?? 0) + sidecars}`;
}

/** Writes the column STATUS: the reason that kubectl would show, such as CrashLoopBackOff or Terminating. */
export const statusText = (pod: Pod): string => summarise(pod).reason;

/** Returns how often containers were restarted: those that count under RESTARTS. */
export const restartsOf = (pod: Pod): number => summarise(pod).restarts;

/** `3`, or `3 (5m ago)` when it is known when the last container ended. */
export function restartsText(pod: Pod, now: number): string {
  const { restarts, lastRestart } = summarise(pod);
  return restarts > 0 && lastRestart ? `${restarts} (${since(lastRestart, now)} ago)` : String(restarts);
}

interface Summary {
  reason: string;
  ready: number;
  restarts: number;
  /** RFC 3339, empty when no container has ended before. */
  lastRestart: string;
}

function summarise(pod: Pod): Summary {
  const summary = { reason: phaseReason(pod), ready: 0, restarts: 0, lastRestart: '' };
  const initializing = addInit(pod, summary);
  if (!initializing || hasCondition(pod, 'Initialized')) addMain(pod, summary);
  if (pod.metadata.deletionTimestamp) {
    const phase = pod.status?.phase;
    if (pod.status?.reason === 'NodeLost') summary.reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') summary.reason = 'Terminating';
  }
  return summary;
}

function phaseReason({ status }: Pod): string {
  const gated = status?.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated');
  return gated ? 'SchedulingGated' : status?.reason || status?.phase || '';
}

/** Goes over the init containers up to the one that is not done yet; true when there is such a one. */
function addInit(pod: Pod, summary: Summary): boolean {
  const specs = pod.spec?.initContainers ?? [];
  const sidecars = new Set(specs.filter(isSidecar).map(({ name }) => name));
  for (const [i, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    countRestarts(status, summary);
    const { waiting, terminated } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(status.name) && status.started) {
      if (status.ready) summary.ready++;
      continue;
    }
    if (terminated) summary.reason = `Init:${endReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing')
      summary.reason = `Init:${waiting.reason}`;
    else summary.reason = `Init:${i}/${specs.length}`;
    return true;
  }
  return false;
}

/** Once the init containers are done, only sidecars still count for restarts. */
function addMain(pod: Pod, summary: Summary): void {
  const specs = pod.spec?.initContainers ?? [];
  const sidecars = new Set(specs.filter(isSidecar).map(({ name }) => name));
  summary.restarts = 0;
  summary.lastRestart = '';
  for (const status of seenInit(pod)) if (sidecars.has(status.name)) countRestarts(status, summary);

  let running = false;
  let errorReason = '';
  for (const status of (pod.status?.containerStatuses ?? []).toReversed()) {
    countRestarts(status, summary);
    const state = status.state ?? {};
    if (state.waiting?.reason) {
      summary.reason = state.waiting.reason;
    } else if (state.terminated) {
      summary.reason = endReason(state.terminated);
      if (state.terminated.exitCode !== 0) errorReason = summary.reason;
    } else if (status.ready && state.running) {
      running = true;
      summary.ready++;
    }
  }
  if (summary.reason !== 'Completed') return;
  if (running && hasCondition(pod, 'Ready')) summary.reason = 'Running';
  else if (errorReason) summary.reason = errorReason;
  else if (running) summary.reason = 'NotReady';
}

/** The init containers up to and including the first one that is not done. */
function seenInit(pod: Pod): ContainerStatus[] {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const sidecars = new Set((pod.spec?.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const isDone = (s: ContainerStatus) =>
    s.state?.terminated?.exitCode === 0 || (sidecars.has(s.name) && s.started === true);
  const pending = statuses.findIndex((s) => !isDone(s));
  return pending < 0 ? statuses : statuses.slice(0, pending + 1);
}

function countRestarts({ restartCount, lastState }: ContainerStatus, summary: Summary): void {
  summary.restarts += restartCount;
  const ended = lastState?.terminated?.finishedAt ?? '';
  // Times of one format and zone compare as text.
  if (ended > summary.lastRestart) summary.lastRestart = ended;
}

const endReason = ({ reason, signal, exitCode }: ContainerStateTerminated): string =>
  reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);

/** Returns whether an init container runs on beside those after it. */
export const isSidecar = ({ restartPolicy }: { restartPolicy?: string }): boolean =>
  restartPolicy === 'Always';

const hasCondition = ({ status }: Pod, type: string): boolean =>
  status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
