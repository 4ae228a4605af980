import { SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm';
import { badRequest } from '../../../shared/errors/common.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { settings } from './clients.ts';
import { taskIn } from './identity.ts';
import { reached, type SessionOptions } from './session.ts';
import { openTasks } from './tasks.ts';

export interface PortSessionOptions extends SessionOptions {
  ssm: Pick<SSMClient, 'send'>;
}

/** Region, credentials and endpoint from the environment. */
export const portSessionClient = () => new SSMClient(settings);

const document = 'AWS-StartPortForwardingSession';

/**
 * Reaches a port of a Pod by the agent in one of its containers, which all have the network of their task: where the
 * session is, and its token. Throws BadRequest, ApiErrors.
 */
export async function openPortSession(
  { ecs, ssm, cluster, send }: PortSessionOptions,
  { metadata, status }: Pod,
  port: number,
): Promise<{ streamUrl: string; tokenValue: string }> {
  const running = status?.containerStatuses?.find(({ state }) => state?.running);
  const task = taskIn(running?.containerID);
  const [found] = task ? await openTasks(ecs, cluster, send).describe([task]) : [];
  const runtimeId = found?.containers?.find(({ name }) => name === running?.name)?.runtimeId;
  if (!runtimeId) throw badRequest(`pod ${metadata.name} has no container that runs`);
  const clusterName = cluster.slice(cluster.lastIndexOf('/') + 1);
  const request = new StartSessionCommand({
    Target: `ecs:${clusterName}_${task}_${runtimeId}`,
    DocumentName: document,
    Parameters: { portNumber: [String(port)] },
  });
  const { StreamUrl = '', TokenValue = '' } = await reached(send('StartSession', () => ssm.send(request)));
  return { streamUrl: StreamUrl, tokenValue: TokenValue };
}
