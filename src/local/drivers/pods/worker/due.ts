import { boundedSeconds } from '../../../../shared/clock/seconds.ts';
import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';
import { isOver } from './outcome.ts';
import type { Unhealthy } from './probing.ts';
import type { ContainerRecord } from './records.ts';
import { type PodScope, specOf } from './scope.ts';

const never = Number.POSITIVE_INFINITY;

/** Returns how long the Pod's containers have for stopping, in milliseconds. */
export const graceMsOf = (pod: Pod): number =>
  boundedSeconds(pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;

/** Returns why a container ends whose hook or probe has failed, and how long it has for that, in milliseconds. */
export function endAfter(kind: Unhealthy, scope: PodScope, c: ContainerRecord) {
  const { startupProbe, livenessProbe } = specOf(scope, c);
  const seconds = (kind === 'startup' ? startupProbe : livenessProbe)?.terminationGracePeriodSeconds;
  return {
    graceMs: seconds === undefined ? graceMsOf(scope.pod) : boundedSeconds(seconds) * 1000,
    why:
      kind === 'postStart'
        ? 'FailedPostStartHook'
        : `Container ${c.name} failed ${kind} probe, will be restarted`,
  };
}

/**
 * Returns when activeDeadlineSeconds ends the Pod, in milliseconds since the epoch; Infinity without one, or once it is
 * ending.
 */
export const deadlineAt = ({ pod: { spec }, record }: PodScope): number =>
  spec?.activeDeadlineSeconds === undefined || record.end
    ? never
    : record.acceptedAt + boundedSeconds(spec.activeDeadlineSeconds) * 1000;

/**
 * Returns which of the containers that run end first: all but the sidecars, then one sidecar at a time, the last one
 * first.
 */
export function firstToEnd(scope: PodScope, lives: ContainerRecord[]): ContainerRecord[] {
  const others = lives.filter((c) => !isSidecar(specOf(scope, c), c.init));
  return others.length ? others : lives.slice(-1);
}

/** Returns whether nothing is left to do: the containers are over, or an init container failed for good. */
export function isFinished(scope: PodScope): boolean {
  const { containers } = scope.record;
  const over = containers.filter((c) => isOver(scope, c));
  if (over.some((c) => c.init && c.ended?.exitCode !== 0)) return true;
  return containers.every((c) => c.init || c.ephemeral || isOver(scope, c));
}

/** Returns when the first of the containers is to be started or resized again, in milliseconds since the epoch. */
export const retryAt = ({ record }: PodScope): number =>
  Math.min(
    never,
    ...record.containers.map((c) => (c.state === 'running' && !c.resizing ? never : (c.retryAt ?? never))),
  );
