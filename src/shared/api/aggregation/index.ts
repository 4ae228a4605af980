/** Requests to groups that another API server serves, by an APIService. */
import type { User } from '../../auth/user.ts';
import { ApiError } from '../../errors/apiError.ts';
import type { APIService } from '../../kinds/schema/types.ts';
import type { OtherServers } from '../../ports/otherServers.ts';
import type { ReachAnswer } from '../../ports/reach.ts';
import type { ApiDeps } from '../deps.ts';
import { pageNotFound, text } from '../http/answer.ts';
import type { ApiRequest, ApiResponse } from '../http/message.ts';
import type { ClusterTarget } from '../http/target.ts';
import { answeredHeaders, forwardedHeaders, hasBody, wantsUpgrade } from '../subresources/proxy/headers.ts';
import { bodyOf, upgraded } from '../subresources/proxy/index.ts';
import { asUser } from './headers.ts';
import { isAvailable } from './remotes.ts';

/** Sends a request on to the other server, as its user, and its answer to the client. */
export async function serveRemote(
  deps: Pick<ApiDeps, 'otherServers' | 'proxyRemedy'>,
  service: APIService,
  request: ApiRequest,
  target: ClusterTarget,
  user: User,
): Promise<ApiResponse> {
  const servers = reachable(deps, service);
  if (target.segments.some((segment) => segment === '.' || segment === '..')) return pageNotFound();
  if (!isAvailable(service)) return unavailable();
  const upgrades = wantsUpgrade(request);
  const answer = await asked(servers, service, request, target, user).catch((error: Error) => {
    if (error instanceof ApiError) throw error;
    return error;
  });
  if (answer instanceof Error) return text(503, `error trying to reach service: ${answer.message}\n`);
  if (upgrades) return upgraded(answer);
  return { status: answer.status, headers: answeredHeaders(answer.headers, false), body: answer.body };
}

/** Throws ServiceUnavailable where nothing reaches Services. */
function reachable(
  { otherServers, proxyRemedy }: Pick<ApiDeps, 'otherServers' | 'proxyRemedy'>,
  { metadata, spec }: APIService,
): OtherServers {
  if (otherServers) return otherServers;
  const { namespace, name } = spec?.service ?? {};
  const why = `APIService ${JSON.stringify(metadata.name)} is served by service ${namespace}/${name}, which this server does not reach`;
  throw new ApiError('ServiceUnavailable', proxyRemedy ? `${why}: ${proxyRemedy}` : why);
}

/** In the words of a real server, which are no Status. */
const unavailable = (): ApiResponse =>
  text(503, 'service unavailable\n', { 'x-content-type-options': 'nosniff' });

function asked(
  servers: OtherServers,
  service: APIService,
  request: ApiRequest,
  { cluster, segments }: ClusterTarget,
  user: User,
): Promise<ReachAnswer> {
  const { method, signal } = request;
  const mark = request.target.indexOf('?');
  const { name, namespace } = service.spec?.service ?? {};
  const headers = forwardedHeaders(request, '')
    .filter(([header]) => header !== 'x-forwarded-uri' && header !== 'host')
    .concat([['host', `${name}.${namespace}.svc`]]);
  return servers.send(cluster, service, {
    method,
    // As it was judged: decoded once, whatever else its segments may look like.
    path: `/${segments.map(encodeURIComponent).join('/')}${mark < 0 ? '' : request.target.slice(mark)}`,
    headers: asUser(headers, user),
    signal,
    ...(hasBody(request) && !wantsUpgrade(request) && { body: bodyOf(request) }),
  });
}
