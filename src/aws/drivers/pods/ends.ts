import type { Container as EcsContainer, Task } from '@aws-sdk/client-ecs';
import { withPlatformCure } from './architecture.ts';
import { projector } from './definition.ts';

/** Describes why a task stopped, as far as it decides what comes next. */
export type End =
  /** Its containers ended: their exit codes decide. */
  | { kind: 'exited' }
  | { kind: 'pull'; message: string }
  /** What its containers refer to could not be read by ECS, or not be brought into its volumes. */
  | { kind: 'config'; message: string }
  /** There was no place or no network for it, or ECS does not say why nothing of it ever ran. */
  | { kind: 'sandbox'; reason: string; message: string }
  /** The Pod is lost: as from a Node that went. */
  | { kind: 'evicted'; reason: string; message: string };

const pull = /CannotPull\w*Error|pull image|image manifest/i;
const config = /ResourceInitializationError/;
const capacity =
  /Capacity is unavailable|RESOURCE:|unable to place|network interface|InternalError|\bENI\b|PlatformTaskDefinition/i;

export function endOf(task: Task): End {
  const { stopCode, stoppedReason = '', containers = [] } = task;
  if (stopCode === 'SpotInterruption' || /Spot Task was interrupted/i.test(stoppedReason))
    return { kind: 'evicted', reason: 'Evicted', message: stoppedReason || 'The Spot task was interrupted' };
  if (stopCode === 'TerminationNotice' || /InfrastructureHealth/.test(stopCode ?? ''))
    return {
      kind: 'evicted',
      reason: 'Terminated',
      message: `Pod was terminated in response to imminent node shutdown. ${stoppedReason}`.trim(),
    };
  const filler = containers.find(({ name }) => name === projector);
  // Everything else waits for its success.
  if (filler?.exitCode)
    return {
      kind: 'config',
      message: `MountVolume.SetUp failed : container ${projector} ended with exit code ${filler.exitCode}`,
    };
  if (stopCode !== 'TaskFailedToStart' && !containers.every(neverRan)) return { kind: 'exited' };
  const message = [stoppedReason, ...containers.map(({ reason = '' }) => reason)].find((text) =>
    [pull, config, capacity].some((pattern) => pattern.test(text)),
  );
  if (!message) {
    if (!containers.every((c) => neverRan(c) && !c.reason)) return { kind: 'exited' };
    return { kind: 'sandbox', reason: 'TaskFailedToStart', message: stoppedReason || 'Task failed to start' };
  }
  if (pull.test(message)) return { kind: 'pull', message: withPlatformCure(pullMessage(message), task) };
  if (config.test(message)) return { kind: 'config', message };
  return { kind: 'sandbox', reason: 'CapacityUnavailable', message };
}

const neverRan = ({ exitCode, lastStatus }: EcsContainer) =>
  exitCode === undefined && lastStatus !== 'RUNNING';

/** Without ECS's own name for it and its advice. */
const pullMessage = (text: string) =>
  text.replace(/^.*?CannotPull\w*Error:\s*/, '').replace(/^The task cannot pull [^:]*:\s*/, '');

/** Was it this container whose image could not be had? When ECS does not say which, it may be any. */
export function failedToPull(task: Task, { name, image = '' }: { name: string; image?: string }): boolean {
  const containers = task.containers ?? [];
  const blamed = containers.filter(({ reason }) => pull.test(reason ?? ''));
  if (blamed.length) return blamed.some((each) => each.name === name);
  const named = containers.filter((each) => each.image && task.stoppedReason?.includes(bare(each.image)));
  return named.length === 0 || (image !== '' && named.some((each) => each.name === name));
}

const bare = (image: string) => image.replace(/[:@][^/]*$/, '');
