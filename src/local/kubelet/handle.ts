import type { ApiDeps } from '../../shared/api/deps.ts';
import { text } from '../../shared/api/http/answer.ts';
import type { ApiRequest, ApiResponse, Handle } from '../../shared/api/http/message.ts';
import { type ClusterTarget, isTemplate, parseTarget } from '../../shared/api/http/target.ts';
import { kubeletAnswer } from '../../shared/api/kubelet/index.ts';
import { parseJson } from '../../shared/api/served.ts';
import { unauthorized } from '../../shared/auth/authenticate.ts';
import type { Attributes } from '../../shared/auth/authorize.ts';
import { anonymous } from '../../shared/auth/user.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { toStatus } from '../../shared/errors/status.ts';
import type { Node } from '../../shared/kinds/schema/types.ts';
import { clusterOf } from '../../shared/meta/tokenCluster.ts';
import { attributesOf } from './authorize.ts';

/**
 * What a node's own port answers, as a kubelet does: nobody is anonymous, each path takes a right to a subresource of the
 * node, and what is wrong is a text. Never throws.
 */
export const kubeletHandle =
  (deps: ApiDeps, node: string): Handle =>
  async (request) => {
    try {
      return await served(deps, node, request);
    } catch (error) {
      const { method, target } = request;
      if (!(error instanceof ApiError))
        deps.log.error('a request to a node failed inside', { method, target, error });
      const { code, message = '' } = toStatus(error);
      return plain(code, message);
    }
  };

async function served(deps: ApiDeps, node: string, request: ApiRequest): Promise<ApiResponse> {
  const asked = parseTarget(request.target);
  const target = { ...asked, cluster: clusterFor(request, asked), path: `/${asked.segments.join('/')}` };
  const { cluster, path, query } = target;
  const { peer, method } = request;
  const user = await deps.authenticate({ header: (name) => request.header(name), peer, cluster });
  if (user === anonymous) throw unauthorized();
  const wanted = attributesOf({ cluster, user, node, method, path });
  const judge = async () => {
    if (!(await isAllowed(deps, wanted))) return refused(wanted);
    const stored =
      !isTemplate(cluster) &&
      (await deps.storage.get({ cluster, resource: 'nodes', namespace: '', name: node }));
    if (!stored) return plain(404, `nodes ${JSON.stringify(node)} not found`);
    return kubeletAnswer({
      deps,
      cluster,
      request,
      query,
      path,
      node: parseJson(stored.value) as unknown as Node,
    });
  };
  const [attributes] = wanted;
  if (!deps.flowControl || !attributes) return judge();
  return deps.flowControl.admit({ attributes, request, query }, judge, () => {});
}

/**
 * The logical cluster that a request is about. Whoever scrapes nodes names none: it is the one that the token is for, which is
 * checked with it. Certificates are those of administrators, and mean `default` unless the path begins with another.
 */
function clusterFor(request: ApiRequest, { cluster }: ClusterTarget): string {
  if (cluster !== 'default') return cluster;
  const [, token = ''] = /^bearer +(\S+)\s*$/i.exec(request.header('authorization') ?? '') ?? [];
  return clusterOf(token) ?? cluster;
}

async function isAllowed({ authorizer }: ApiDeps, wanted: readonly Attributes[]): Promise<boolean> {
  for (const attributes of wanted) if ((await authorizer.decide(attributes)).allowed) return true;
  return false;
}

/** In a kubelet's words. */
function refused(wanted: readonly Attributes[]): ApiResponse {
  const [{ user, verb } = { user: anonymous, verb: '' }] = wanted;
  const names = wanted.map(({ resource }) => resource?.subresource).join(' ');
  return plain(
    403,
    `Forbidden (user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=[${names}])\n`,
  );
}

/** No browser takes it for a page. */
const plain = (code: number, message: string): ApiResponse =>
  text(code, message, { 'x-content-type-options': 'nosniff' });
