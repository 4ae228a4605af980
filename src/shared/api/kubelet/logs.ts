import { ApiError } from '../../errors/apiError.ts';
import { toStatus } from '../../errors/status.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { text } from '../http/answer.ts';
import { notServed } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Query } from '../http/target.ts';
import { parseJson } from '../served.ts';
import { beginLog, logOptions } from '../subresources/log.ts';
import type { KubeletCall } from './index.ts';

/** Answers `/containerLogs/NAMESPACE/POD/CONTAINER` of a Pod of the node; what is wrong is a text, in a kubelet's words. */
export async function containerLogs(call: KubeletCall): Promise<ApiResponse> {
  const { deps, cluster, request, path } = call;
  const [namespace = '', name = '', container = '', ...rest] = path.split('/').slice(2);
  if (!namespace || !name || !container || rest.length) return text(404, '404 page not found\n');
  if (!deps.podLogs) throw notServed('/containerLogs of a node');
  const stored = await deps.storage.get({ cluster, resource: 'pods', namespace, name });
  const pod = stored && (parseJson(stored.value) as unknown as Pod);
  if (!pod || pod.spec?.nodeName !== call.node.metadata.name)
    return text(404, `pod ${JSON.stringify(name)} does not exist`);
  if (!has(pod, container))
    return text(404, `container ${JSON.stringify(container)} not found in pod ${JSON.stringify(name)}`);
  const { uid = '' } = pod.metadata;
  try {
    const options = { ...logOptions(withTail(call.query), name, deps.clock.now()), signal: request.signal };
    const body = await beginLog(
      deps.podLogs({ cluster, namespace, name, uid }, container, options, pod),
      deps,
    );
    return {
      status: 200,
      headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' },
      body,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message } = toStatus(error);
    return text(code, code === 422 ? '{"message": "Invalid request."}' : (message ?? ''));
  }
}

const has = ({ spec }: Pod, name: string): boolean =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])].some(
    (each) => each.name === name,
  );

/** `tail` is what `tailLines` was called before; `all` asks for everything. */
function withTail(query: Query): Query {
  const tail = query.get('tail');
  if (!tail) return query;
  const get = (name: string) => (name !== 'tailLines' ? query.get(name) : tail === 'all' ? undefined : tail);
  return { ...query, get };
}
