import type { ContainerState, ContainerStatus } from '../../../../shared/kinds/schema/types.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';
import { type Ended, running, terminated, waiting } from '../../../../shared/podspec/status.ts';
import type { PodObservation } from '../../../../shared/ports/cloud.ts';
import { type ContainerRecord, containerIdOf, runOf } from './records.ts';
import { type PodScope, specOf } from './scope.ts';

/** kubelet's MaxPodTerminationMessageLogLength: the containers of a Pod share it. */
const podMessageBytes = 12 * 1024;

/** The record in the words of a Pod's status. */
export function observationOf(scope: PodScope): PodObservation {
  const { record, deps } = scope;
  const messageBytes = Math.floor(podMessageBytes / Math.max(1, record.containers.length));
  const statuses = (wanted: (c: ContainerRecord) => boolean) =>
    record.containers.filter(wanted).map((c) => statusOf(scope, c, messageBytes));
  return {
    ...(record.ip && { podIP: record.ip }),
    hostIP: deps.hostIP,
    startedAt: record.acceptedAt,
    initContainerStatuses: statuses((c) => c.init),
    containerStatuses: statuses((c) => !c.init && !c.ephemeral),
    ...(record.containers.some((c) => c.ephemeral) && {
      ephemeralContainerStatuses: statuses((c) => c.ephemeral === true),
    }),
    stopped: record.stopped,
    ...(record.held && { held: record.held }),
    ...resizing(record.containers),
    ...record.failure,
  };
}

function resizing(containers: ContainerRecord[]): Pick<PodObservation, 'resizing'> {
  const message = containers.flatMap(({ resizing }) => resizing ?? []).join('; ');
  return message ? { resizing: message } : {};
}

function statusOf(scope: PodScope, now: ContainerRecord, messageBytes: number): ContainerStatus {
  const c = shown(scope, now);
  const spec = specOf(scope, c);
  const ran = c.runs > 0 && c.startedAt !== undefined;
  const resources = (c.state === 'running' && c.resources) || (spec.resources ?? {});
  const oneOff = c.init && !isSidecar(spec, true);
  return {
    name: c.name,
    state: stateOf(c, messageBytes),
    lastState: c.ended && c.state !== 'terminated' ? endOf(c.ended, messageBytes) : {},
    ready: oneOff ? c.state === 'terminated' && c.ended?.exitCode === 0 : Boolean(c.ready) && !c.ephemeral,
    restartCount: c.restarts,
    image: spec.image ?? '',
    imageID: c.imageID ?? '',
    ...(ran && { containerID: containerIdOf(scope.deps.sandbox.scheme, runOf(scope.ref, c)) }),
    started: !oneOff && Boolean(c.started),
    ...(ran && c.user && { user: { linux: c.user } }),
    ...(resources.requests && { allocatedResources: resources.requests }),
    resources,
  };
}

/** Kubelet tells nothing between the end of a container and the start of the one that takes its place. */
function shown({ record }: PodScope, c: ContainerRecord): ContainerRecord {
  if (!c.replaced || c.state !== 'terminated' || record.end) return c;
  return { ...c, ...c.replaced, state: 'running', ended: undefined };
}

function stateOf(c: ContainerRecord, messageBytes: number): ContainerState {
  if (c.state === 'running') return running(c.startedAt ?? 0);
  if (c.state === 'terminated' && c.ended) return endOf(c.ended, messageBytes);
  return waiting(c.reason, c.message);
}

function endOf(ended: Ended, messageBytes: number): ContainerState {
  const { message } = ended;
  const isLong = message !== undefined && Buffer.byteLength(message) > messageBytes;
  const cut = isLong ? Buffer.from(message).subarray(0, messageBytes).toString() : message;
  return { terminated: terminated({ ...ended, ...(cut && { message: cut }) }) };
}
