import { badRequest } from '../../../errors/common.ts';
import type { Pod } from '../../../kinds/schema/types.ts';
import { json } from '../../http/answer.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Call } from '../../request.ts';
import { missing } from '../../served.ts';
import { containerOf } from '../log.ts';

/** By this header a program says that it can speak to the cloud's session service itself (`shallop proxy`). */
export const isSession = ({ request }: Call): boolean =>
  request.method === 'POST' && request.header('x-shallop-session') === 'exec';

/** Opens a session in the cloud that runs the command, and answers where it is. */
export async function openSession(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name, query } = call;
  if (!deps.podSession) throw notServed('pods/exec', deps.upgradeRemedy);
  const command = query.get('command');
  if (!command) throw badRequest('you must specify at least one command for the container');
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  const pod = served.parse(stored) as unknown as Pod;
  const container = containerOf(pod, query.get('container'));
  const session = await deps.podSession(pod, container, command);
  return json(201, { kind: 'PodSession', apiVersion: 'shallop.dev/v1', ...session });
}
