import { formatTime } from '../clock/clock.ts';
import { goDuration } from '../clock/goDuration.ts';
import type { ContainerState, ContainerStateTerminated } from '../kinds/schema/types.ts';
import type { PodRef } from '../ports/cloud.ts';

/** The words kubelet uses for what a container does, as ContainerState. */
export const waiting = (reason: string, message?: string): ContainerState => ({
  waiting: { reason, ...(message && { message }) },
});

export const running = (startedAt: number): ContainerState => ({
  running: { startedAt: formatTime(startedAt) },
});

export interface Ended {
  exitCode: number;
  /** Milliseconds since the epoch; 0 when it never ran. */
  startedAt: number;
  finishedAt: number;
  containerID?: string;
  /** For example OOMKilled, StartError; otherwise told from the exit code. */
  reason?: string;
  message?: string;
}

export const terminated = (end: Ended): ContainerStateTerminated => ({
  exitCode: end.exitCode,
  reason: end.reason ?? (end.exitCode === 0 ? 'Completed' : 'Error'),
  ...(end.message && { message: end.message }),
  startedAt: formatTime(end.startedAt),
  finishedAt: formatTime(end.finishedAt),
  ...(end.containerID && { containerID: end.containerID }),
});

export const crashLoopBackOff = (ref: PodRef, container: string, delayMs: number): ContainerState =>
  waiting(
    'CrashLoopBackOff',
    `back-off ${goDuration(delayMs)} restarting failed container=${container} pod=${ref.name}_${ref.namespace}(${ref.uid})`,
  );

export const errImagePull = (why: string): ContainerState => waiting('ErrImagePull', why);

export const imagePullBackOff = (image: string, why: string): ContainerState =>
  waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${why}`);
