import type { ContainerStatus, Pod } from '../../../shared/kinds/schema/types.ts';
import { fieldPathOf, lastingOf } from '../../../shared/podspec/containers.ts';
import { probeOf } from '../../../shared/podspec/probe.ts';
import type { PodObservation, PodRef, RuntimeEvent } from '../../../shared/ports/cloud.ts';
import type { FailedProbe } from './givenUp.ts';
import { storedStatus } from './statuses.ts';

/**
 * Returns what kubelet would say of the step from the stored status to what is seen now: each step is said once.
 * `isStopping`: its task has been told to stop, and still runs.
 */
export function eventsOf(ref: PodRef, pod: Pod, seen: PodObservation, isStopping = false): RuntimeEvent[] {
  const events: RuntimeEvent[] = [];
  const say = (
    type: RuntimeEvent['type'],
    reason: string,
    message: string,
    more: Partial<RuntimeEvent> = {},
  ) => events.push({ type, reason, message, ...more });
  const of = (field: string, statuses: ContainerStatus[]) => {
    for (const now of statuses)
      for (const [type, reason, message, once] of sayings(ref, pod, storedStatus(pod, now.name), now))
        say(type, reason, message, { fieldPath: `spec.${field}{${now.name}}`, ...(once && { once }) });
    if (!isStopping || !pod.metadata.deletionTimestamp) return;
    for (const { name, state, containerID = name } of statuses)
      if (state?.running)
        say('Normal', 'Killing', `Stopping container ${name}`, {
          fieldPath: `spec.${field}{${name}}`,
          once: containerID,
        });
  };
  of('initContainers', seen.initContainerStatuses);
  of('containers', seen.containerStatuses);
  const { held } = seen;
  const isReported = pod.status?.conditions?.some(
    (c) => c.reason === held?.reason && c.message === held?.message,
  );
  if (held && !isReported)
    say('Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${held.message}`);
  if (seen.reason && seen.reason !== pod.status?.reason) say('Warning', seen.reason, seen.message ?? '');
  return events;
}

type Saying = [type: RuntimeEvent['type'], reason: string, message: string, once?: string];

function sayings(ref: PodRef, pod: Pod, before: ContainerStatus | undefined, now: ContainerStatus): Saying[] {
  const { name, image } = now;
  const wait = now.state?.waiting;
  const old = before?.state?.waiting;
  if (wait && (wait.reason !== old?.reason || wait.message !== old?.message))
    return waitSayings(ref, name, image, wait.reason ?? '', wait.message ?? '');
  const started = now.state?.running ?? now.state?.terminated;
  const fresh = before?.containerID !== now.containerID || before?.state?.waiting !== undefined;
  if (started && (fresh || !before))
    // Two that look at the same time both see it for the first time.
    return [
      ['Normal', 'Pulled', `Successfully pulled image "${image}"`, now.containerID],
      ['Normal', 'Created', 'Container created', now.containerID],
      now.state?.terminated?.reason === 'StartError'
        ? ['Warning', 'Failed', `Error: ${now.state.terminated.message}`, now.containerID]
        : ['Normal', 'Started', 'Container started', now.containerID],
    ];
  // Nothing failed where no probe was asked, or where the Pod is to go.
  const asked = lastingOf(pod).some((c) => c.name === name && probeOf(c, 'readiness'));
  const going = !asked || pod.metadata.deletionTimestamp;
  if (now.state?.running && before?.state?.running && before.ready && !now.ready && !going)
    return [['Warning', 'Unhealthy', 'Readiness probe failed']];
  return [];
}

function waitSayings(ref: PodRef, name: string, image: string, reason: string, message: string): Saying[] {
  if (reason === 'ErrImagePull')
    return [
      ['Warning', 'Failed', `Failed to pull image "${image}": ${message}`],
      ['Warning', 'Failed', 'Error: ErrImagePull'],
    ];
  if (reason === 'ImagePullBackOff')
    return [
      ['Normal', 'BackOff', `Back-off pulling image "${image}"`],
      ['Warning', 'Failed', 'Error: ImagePullBackOff'],
    ];
  if (reason === 'CrashLoopBackOff') {
    const where = `container ${name} in pod ${ref.name}_${ref.namespace}(${ref.uid})`;
    return [['Warning', 'BackOff', `Back-off restarting failed ${where}`]];
  }
  if (reason === 'ContainerCreating' && message) return [['Warning', 'FailedMount', message]];
  return message ? [['Warning', 'Failed', `Error: ${message}`]] : [];
}

/** Returns what kubelet says of a container that a probe of it has given up. */
export function probeEvents(pod: Pod, { name, probe }: FailedProbe, why: string): RuntimeEvent[] {
  const fieldPath = fieldPathOf(pod, name);
  const title = probe === 'liveness' ? 'Liveness' : 'Startup';
  return [
    { type: 'Warning', reason: 'Unhealthy', message: `${title} probe failed`, fieldPath },
    { type: 'Normal', reason: 'Killing', message: why, fieldPath },
  ];
}
