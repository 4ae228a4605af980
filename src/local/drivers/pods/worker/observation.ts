import type { ContainerState, ContainerStatus } from '../../../../shared/kinds/schema/types.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';
import { running, terminated, waiting } from '../../../../shared/podspec/status.ts';
import type { PodObservation } from '../../../../shared/ports/cloud.ts';
import { type ContainerRecord, containerIdOf, runOf } from './records.ts';
import { type PodScope, specOf } from './scope.ts';

/** The record in the words of a Pod's status. */
export function observationOf(scope: PodScope): PodObservation {
  const { record, deps } = scope;
  const statuses = (init: boolean) =>
    record.containers.filter((c) => c.init === init).map((c) => statusOf(scope, c));
  return {
    ...(record.ip && { podIP: record.ip }),
    hostIP: deps.hostIP,
    startedAt: record.acceptedAt,
    initContainerStatuses: statuses(true),
    containerStatuses: statuses(false),
    stopped: record.stopped,
    ...record.failure,
  };
}

function statusOf(scope: PodScope, c: ContainerRecord): ContainerStatus {
  const spec = specOf(scope, c);
  const ran = c.runs > 0 && c.startedAt !== undefined;
  const oneOff = c.init && !isSidecar(spec, true);
  return {
    name: c.name,
    state: stateOf(c),
    lastState: c.ended && c.state !== 'terminated' ? { terminated: terminated(c.ended) } : {},
    ready: oneOff ? c.state === 'terminated' && c.ended?.exitCode === 0 : Boolean(c.ready),
    restartCount: c.restarts,
    image: spec.image ?? '',
    imageID: c.imageID ?? '',
    ...(ran && { containerID: containerIdOf(scope.deps.sandbox.scheme, runOf(scope.ref, c)) }),
    started: !oneOff && Boolean(c.started),
  };
}

function stateOf(c: ContainerRecord): ContainerState {
  if (c.state === 'running') return running(c.startedAt ?? 0);
  if (c.state === 'terminated' && c.ended) return { terminated: terminated(c.ended) };
  return waiting(c.reason, c.message);
}
