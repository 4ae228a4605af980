import { formatTime } from '../../clock/clock.ts';
import type { ContainerStatus, Pod, PodCondition, PodPhase, PodStatus } from '../../kinds/schema/types.ts';
import { qosClassOf } from '../../meta/qos.ts';
import { isSidecar } from '../../podspec/restart.ts';
import type { PodObservation } from '../../ports/cloud.ts';
import { resizePending } from './allocated.ts';
import { isInitialized, phaseOf } from './phase.ts';
import type { PendingResize } from './resizing.ts';

/** The status that kubelet would report for what the runtime shows. */
export function statusOf(pod: Pod, seen: PodObservation, now: number, pending?: PendingResize): PodStatus {
  const before = pod.status ?? {};
  const { podIP, hostIP } = seen;
  const isFailing = seen.reason !== undefined;
  const failed = isFailing && seen.stopped;
  const computed = phaseOf(pod, seen.initContainerStatuses, seen.containerStatuses);
  // As with kubelet, one that fails as a whole is not ready from then on, and says why once nothing of it runs.
  const held = isFailing ? (before.phase ?? computed) : leftover(pod, seen, computed);
  const phase: PodPhase = failed ? 'Failed' : held;
  return {
    ...before,
    observedGeneration: pod.metadata.generation ?? 0,
    phase,
    conditions: conditionsOf(pod, seen, isFailing ? 'Failed' : phase, now, pending),
    ...(hostIP && { hostIP, hostIPs: [{ ip: hostIP }] }),
    ...(podIP && { podIP, podIPs: [{ ip: podIP }] }),
    ...(failed && { reason: seen.reason }),
    ...(failed && seen.message && { message: seen.message }),
    startTime: before.startTime ?? formatTime(seen.startedAt ?? now),
    ...(seen.initContainerStatuses.length > 0 && { initContainerStatuses: seen.initContainerStatuses }),
    containerStatuses: lastStatuses(pod, seen),
    ...(seen.ephemeralContainerStatuses && { ephemeralContainerStatuses: seen.ephemeralContainerStatuses }),
    qosClass: before.qosClass ?? qosClassOf(pod.spec!),
  };
}

/** A Pod that was told to stop ends in a final phase, whatever its restart policy, also when it had not begun. */
function leftover(pod: Pod, seen: PodObservation, phase: PodPhase): PodPhase {
  if (!isOver(pod, seen) || phase === 'Succeeded' || phase === 'Failed') return phase;
  const isDone =
    phase === 'Running' && seen.containerStatuses.every((s) => s.state?.terminated?.exitCode === 0);
  return isDone ? 'Succeeded' : 'Failed';
}

const isOver = (pod: Pod, seen: PodObservation): boolean => seen.stopped && !!pod.metadata.deletionTimestamp;

/** In kubelet's words a container that had not begun when its Pod was ended, after all that were to run before it. */
const unknownEnd = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was terminated',
};

function lastStatuses(pod: Pod, seen: PodObservation): ContainerStatus[] {
  const { containerStatuses, initContainerStatuses } = seen;
  if (!isOver(pod, seen) || !isInitialized(pod, initContainerStatuses)) return containerStatuses;
  return containerStatuses.map((status) =>
    status.state?.terminated ? status : { ...status, state: { terminated: unknownEnd } },
  );
}

const resizing = 'PodResizeInProgress';

type Claim = { type: string; holds: boolean; reason?: string; message?: string };

function conditionsOf(
  pod: Pod,
  seen: PodObservation,
  phase: PodPhase,
  now: number,
  pending?: PendingResize,
): PodCondition[] {
  const ended = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const initialized = isInitialized(pod, seen.initContainerStatuses);
  const isUnready = (s: ContainerStatus | undefined) => !s?.ready;
  const sidecars = pod.spec?.initContainers?.filter((each) => isSidecar(each, true));
  const notReady = [
    ...names(sidecars, seen.initContainerStatuses, isUnready),
    ...names(pod.spec?.containers, seen.containerStatuses, isUnready),
  ];
  const gates = (pod.spec?.readinessGates ?? []).filter(
    ({ conditionType }) =>
      !pod.status?.conditions?.some((c) => c.type === conditionType && c.status === 'True'),
  );
  const unready: Omit<Claim, 'type' | 'holds'> = ended
    ? { reason: ended }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${notReady.join(' ')}]` };
  const containersReady = !ended && notReady.length === 0 && initialized;
  const claims: Claim[] = [
    { type: 'PodReadyToStartContainers', holds: !!seen.podIP && !seen.stopped, ...seen.held },
    initialized
      ? { type: 'Initialized', holds: true, ...(ended === 'PodCompleted' && { reason: ended }) }
      : { type: 'Initialized', holds: false, ...incomplete(pod, seen) },
    containersReady && gates.length > 0
      ? {
          type: 'Ready',
          holds: false,
          reason: 'ReadinessGatesNotReady',
          message: gates
            .map((g) => `the status of pod readiness gate "${g.conditionType}" is not "True"`)
            .join(', '),
        }
      : { type: 'Ready', holds: containersReady, ...(!containersReady && unready) },
    { type: 'ContainersReady', holds: containersReady, ...(!containersReady && unready) },
    { type: 'PodScheduled', holds: true },
    ...(pending ? [{ type: resizePending, holds: true, ...pending }] : []),
    ...(seen.resizing ? [{ type: resizing, holds: true, reason: 'Error', message: seen.resizing }] : []),
  ];
  const ours = new Set([...claims.map(({ type }) => type), resizing, resizePending]);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !ours.has(type));
  return [...claims.map((claim) => conditionFor(claim, pod, now)), ...others];
}

function conditionFor({ type, holds, reason, message }: Claim, pod: Pod, now: number): PodCondition {
  const status = holds ? 'True' : 'False';
  const old = pod.status?.conditions?.find((c) => c.type === type);
  return {
    type,
    status,
    lastProbeTime: null as unknown as string,
    lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? '') : formatTime(now),
    ...(reason && { reason }),
    ...(message && { message }),
    ...(pod.metadata.generation && { observedGeneration: pod.metadata.generation }),
  };
}

const incomplete = (pod: Pod, seen: PodObservation) => ({
  reason: 'ContainersNotInitialized',
  message: `containers with incomplete status: [${names(
    pod.spec?.initContainers,
    seen.initContainerStatuses,
    (s) => s?.state?.terminated?.exitCode !== 0,
  ).join(' ')}]`,
});

const names = (
  containers: { name: string }[] | undefined,
  statuses: ContainerStatus[],
  wanted: (status: ContainerStatus | undefined) => boolean,
) => {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  return (containers ?? []).map(({ name }) => name).filter((name) => wanted(byName.get(name)));
};
