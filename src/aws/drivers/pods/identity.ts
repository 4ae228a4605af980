import type { Task } from '@aws-sdk/client-ecs';
import type { PodRef } from '../../../shared/ports/cloud.ts';
import { refOf as refOfTags, tags } from '../tags.ts';
import { taskEventType } from './taskEventType.ts';

/**
 * Whose task it is and which attempt stands in the environment override of its first container: ECS forgets a task's
 * tags as it stops it, and its events do not carry any.
 */
export const podVariable = 'SHALLOP_POD';
export const attemptVariable = 'SHALLOP_ATTEMPT';

/** `<deployment>/<cluster>/<namespace>/<name>`; the UID is what the task was started by. */
export const podValue = (deployment: string, { cluster, namespace, name }: PodRef): string =>
  [deployment, cluster, namespace, name].join('/');

/** One start of a Pod, and the back-off that was in force (as in podspec/backOff.ts; none: `delayMs` 0). */
export interface Attempt {
  number: number;
  /** Is what it was the answer to: a crash and a failed pull count apart. */
  after: 'nothing' | 'crash' | 'pull';
  delayMs: number;
  raisedAt: number;
}

export const firstAttempt: Attempt = { number: 0, after: 'nothing', delayMs: 0, raisedAt: 0 };

export const attemptValue = ({ number, after, delayMs, raisedAt }: Attempt): string =>
  [number, after, delayMs, raisedAt].join('/');

export function attemptOf(task: Task): Attempt {
  const [number, after, delayMs, raisedAt] = (override(task, attemptVariable) ?? '').split('/');
  return {
    number: Number(number ?? 0),
    after: after === 'crash' || after === 'pull' ? after : 'nothing',
    delayMs: Number(delayMs ?? 0),
    raisedAt: Number(raisedAt ?? 0),
  };
}

/** The Pod of this deployment that a task runs for; undefined for strangers. */
export function refOfTask(deployment: string, task: Task): PodRef | undefined {
  const [home, cluster, namespace, name] = override(task, podVariable)?.split('/') ?? [];
  const uid = task.startedBy;
  if (home === deployment && cluster && namespace && name && uid) return { cluster, namespace, name, uid };
  return refOfTags(
    deployment,
    Object.fromEntries((task.tags ?? []).map(({ key = '', value = '' }) => [key, value])),
  );
}

function override(task: Task, variable: string): string | undefined {
  for (const { environment } of task.overrides?.containerOverrides ?? [])
    for (const { name, value } of environment ?? []) if (name === variable) return value;
  return undefined;
}

/** As ECS spells tags. */
export const taskTags = (deployment: string, ref: PodRef): { key: string; value: string }[] => [
  { key: tags.deployment, value: deployment },
  { key: tags.cluster, value: ref.cluster },
  { key: tags.namespace, value: ref.namespace },
  { key: tags.name, value: ref.name },
  { key: tags.uid, value: ref.uid },
];

/** An `ECS Task State Change` of EventBridge, as far as it matters. */
export interface TaskStateChange {
  source?: string;
  'detail-type'?: string;
  detail?: Task;
}

/**
 * Returns which Pod to look at after a task's change, and the version of the task it speaks of: of two events the one
 * with the higher version is the later one. Undefined for events of others and for those that tell nothing of a Pod.
 */
export function podRefOf(
  deployment: string,
  event: TaskStateChange,
): { ref: PodRef; task: string; version: number } | undefined {
  const { detail } = event;
  if (event.source !== 'aws.ecs' || event['detail-type'] !== taskEventType || !detail) return undefined;
  const ref = tells(detail) ? refOfTask(deployment, detail) : undefined;
  return ref && { ref, task: taskId(detail), version: detail.version ?? 0 };
}

/**
 * Returns whether there is something to report of a task as it is: not while its place is made ready or taken down. ECS
 * says each of these steps, and every look costs a call.
 */
export function tells({ lastStatus, desiredStatus, stopCode, containers = [] }: Task): boolean {
  if (lastStatus === 'RUNNING' || lastStatus === 'STOPPED') return true;
  const some = (status: string) => containers.some((c) => c.lastStatus === status);
  // Stopped by others than us while it runs: time to drain.
  if (desiredStatus === 'STOPPED') return stopCode !== 'UserInitiated' && some('RUNNING');
  return some('RUNNING') || some('STOPPED');
}

/** The last part of a task's ARN: what its log streams are named by. */
export const taskId = ({ taskArn = '' }: Task): string => taskArn.slice(taskArn.lastIndexOf('/') + 1);

/** `ecs://<task>/<container>`. */
export const containerIdOf = (task: Task, container: string): string => `ecs://${taskId(task)}/${container}`;

/** The task that a container ran in; empty for a container that has not been given to one. */
export const taskIn = (containerID: string | undefined): string =>
  /^ecs:\/\/([^/]+)\//.exec(containerID ?? '')?.[1] ?? '';
