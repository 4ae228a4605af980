import { badRequest } from '../../../errors/common.ts';
import type { Pod } from '../../../kinds/schema/types.ts';
import { json } from '../../http/answer.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Call } from '../../request.ts';
import { missing } from '../../served.ts';
import { containerOf } from '../log.ts';
import { admitPortForward, execOptions } from './connect.ts';

/** By this header a program says that it can speak to the cloud's session service itself (`shallop proxy`). */
export const isSession = ({ request }: Call, what: 'exec' | 'portforward'): boolean =>
  request.method === 'POST' && request.header('x-shallop-session') === what;

/** Opens a session in the cloud that runs the command, and answers where it is. */
export async function openSession(call: Call): Promise<ApiResponse> {
  const { deps } = call;
  if (!deps.podSession) throw notServed('pods/exec', deps.upgradeRemedy);
  const options = await execOptions(call, 'exec');
  const command = options.command[0];
  if (!command) throw badRequest('you must specify at least one command for the container');
  const pod = await podOf(call);
  const container = containerOf(pod, options.container);
  return answer(await deps.podSession(pod, container, command));
}

/** Opens a session in the cloud to a port of the Pod, and answers where it is. Without `port` it only checks. */
export async function openPortSession(call: Call): Promise<ApiResponse> {
  const { deps, query, name } = call;
  if (!deps.podPortSession) throw notServed('pods/portforward', deps.upgradeRemedy);
  await admitPortForward(call);
  const pod = await podOf(call);
  if (pod.status?.phase !== 'Running')
    throw badRequest(`unable to forward port because pod ${name} is not running`);
  const text = query.get('port');
  if (text === undefined)
    return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
  const port = Number(text);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) throw badRequest(`invalid port "${text}"`);
  return answer(await deps.podPortSession(pod, port));
}

async function podOf({ deps, served, cluster, namespace, name }: Call): Promise<Pod> {
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  return served.parse(stored) as unknown as Pod;
}

const answer = (session: object) =>
  json(201, { kind: 'PodSession', apiVersion: 'shallop.dev/v1', ...session });
