import { ExecuteCommandCommand } from '@aws-sdk/client-ecs';
import { badRequest } from '../../../errors/common.ts';
import type { Pod } from '../../../kinds/schema/types.ts';
import type { Sender } from '../sender.ts';
import { taskIn } from './identity.ts';
import type { Ecs } from './options.ts';

export interface SessionOptions {
  ecs: Ecs;
  cluster: string;
  send: Sender;
}

/** Runs a command in a container, on a terminal: where the session is, and its token. Throws BadRequest, ApiErrors. */
export async function openSession(
  { ecs, cluster, send }: SessionOptions,
  { metadata, status }: Pod,
  container: string,
  command: string,
): Promise<{ streamUrl: string; tokenValue: string }> {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const found = statuses.find(({ name }) => name === container);
  const task = found?.state?.running && taskIn(found.containerID);
  if (!task) throw badRequest(`container ${container} in pod ${metadata.name} is not running`);
  const request = new ExecuteCommandCommand({ cluster, task, container, command, interactive: true });
  const { session } = await send('ExecuteCommand', () => ecs.send(request));
  return { streamUrl: session?.streamUrl ?? '', tokenValue: session?.tokenValue ?? '' };
}
