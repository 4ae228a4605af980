import type { Task } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { PodRef } from '../../../shared/ports/cloud.ts';
import { refOfTask, taskId, tells } from './identity.ts';
import type { Tasks } from './tasks.ts';

/** Says by polling what ECS's events say elsewhere: for a control plane that EventBridge cannot reach. */
export async function* changesOf(
  tasks: Tasks,
  deployment: string,
  clock: Clock,
  pollMs: number,
  signal: AbortSignal,
): AsyncGenerator<PodRef> {
  let known = new Map<string, Seen>();
  while (!signal.aborted) {
    const now = new Map<string, Seen>();
    for (const task of await tasks.describe(await tasks.running())) {
      const ref = refOfTask(deployment, task);
      if (ref) now.set(taskId(task), { ref, state: stateOf(task), isReported: tells(task) });
    }
    for (const [id, { ref, state, isReported }] of now)
      if (isReported && known.get(id)?.state !== state) yield ref;
    for (const [id, { ref }] of known) if (!now.has(id)) yield ref;
    known = now;
    await clock.sleep(pollMs, signal);
  }
}

interface Seen {
  ref: PodRef;
  state: string;
  isReported: boolean;
}

const stateOf = ({ lastStatus, containers = [] }: Task): string =>
  JSON.stringify([lastStatus, containers.map((c) => [c.name, c.lastStatus, c.healthStatus])]);
