import { ExecuteCommandCommand } from '@aws-sdk/client-ecs';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { badRequest } from '../../../shared/errors/common.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { isCode } from '../errors.ts';
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
  const { session } = await reached(send('ExecuteCommand', () => ecs.send(request)));
  return { streamUrl: session?.streamUrl ?? '', tokenValue: session?.tokenValue ?? '' };
}

/** The answer of who opens a session. Of an agent that cannot be reached AWS says no more than that: it is told what it takes. */
export async function reached<T>(session: Promise<T>): Promise<T> {
  try {
    return await session;
  } catch (error) {
    const { cause, message } = error as Error;
    if (!isCode(cause, 'TargetNotConnectedException', 'TargetNotConnected')) throw error;
    throw new ApiError(
      'ServiceUnavailable',
      `${message} (the agent beside a container connects some seconds after it starts; it needs a role that may use ssmmessages, a root file system that can be written, and no AWS credentials in the container's environment)`,
      { cause },
    );
  }
}
