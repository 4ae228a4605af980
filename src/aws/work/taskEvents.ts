import { type Work, workFor } from '../../shared/controllers/manager/queue/index.ts';
import { pod } from '../../shared/controllers/pod/index.ts';
import { podRefOf, type TaskStateChange } from '../drivers/pods/identity.ts';

/**
 * The Pod to look at after an `ECS Task State Change`, which EventBridge puts into the queue of the Pod controllers as
 * it is. Undefined for other texts and for tasks of others. The event only wakes: what is true of the task, ECS is asked.
 */
export function workOfTaskEvent(deployment: string, body: string): Work | undefined {
  const event = parse(body);
  const found = event && podRefOf(deployment, event);
  if (!found) return undefined;
  const { cluster, namespace, name, uid } = found.ref;
  const since = Date.parse(event.time ?? '');
  return workFor(
    pod,
    cluster,
    { namespace, name: `${name}/${uid}` },
    Number.isNaN(since) ? undefined : since,
  );
}

function parse(body: string): (TaskStateChange & { time?: string }) | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
