import type { User } from '../auth/user.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { table } from '../meta/table.ts';
import type { Discovered } from './aggregation/discovered.ts';
import { serveRemote } from './aggregation/index.ts';
import { type Remotes, remotesBeside } from './aggregation/remotes.ts';
import type { Catalog } from './catalog.ts';
import type { ApiDeps } from './deps.ts';
import { createDiscovery } from './discovery/index.ts';
import { health } from './health/index.ts';
import { json, jsonBytes, pageNotFound, text } from './http/answer.ts';
import { methodNotAllowed } from './http/errors.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import type { ClusterTarget } from './http/target.ts';
import { openapiResponse } from './openapi/respond.ts';
import { swaggerResponse } from './openapi/v2/respond.ts';
import { openidConfiguration, openidKeys } from './openid.ts';
import { release } from './release.ts';

/** Everything that is no resource: discovery, documents, version, health, metrics. */
export type Paths = (
  request: ApiRequest,
  target: ClusterTarget,
  user: User,
) => Promise<ApiResponse> | ApiResponse;

/** Serves what is no resource: discovery, version, health, metrics, OpenAPI, OpenID. Other paths answer 404. */
export function createPaths(
  deps: ApiDeps,
  catalog: Catalog,
  { remotes, discovered }: { remotes: Remotes; discovered: Discovered },
): Paths {
  const discovery = createDiscovery(catalog, {
    // Where nothing reaches them, they are not worth a read.
    beside: async (cluster) =>
      deps.otherServers ? remotesBeside(await remotes(cluster), catalog, cluster) : [],
    discovered,
    serve: (service, ...asked) => serveRemote(deps, service, ...asked),
  });
  const serve: Record<string, Paths> = table({
    '': async (_request, { cluster }) => json(200, { paths: pathsOf(await catalog.kinds(cluster)) }),
    api: discovery,
    apis: discovery,
    version: (_request, { segments }) => (segments.length > 1 ? pageNotFound() : versionOf(deps)),
    healthz: (_request, target) => health(deps, target),
    livez: (_request, target) => health(deps, target),
    readyz: (_request, target) => health(deps, target),
    metrics: async (_request, { segments }) => {
      if (segments.length > 1) return pageNotFound();
      const { contentType, text: body } = await deps.metrics.render();
      return text(200, body, { 'content-type': contentType });
    },
    openapi: (request, target) => openapi(deps, catalog, request, target),
    '.well-known': (request, { segments }) =>
      segments.length === 2 && segments[1] === 'openid-configuration'
        ? openidConfiguration(deps, request)
        : pageNotFound(),
    openid: (_request, { segments }) =>
      segments.join('/') === 'openid/v1/jwks' ? openidKeys(deps) : pageNotFound(),
  });
  return (request, target, user) => {
    const first = target.segments[0] ?? '';
    const found = Object.hasOwn(serve, first) ? serve[first] : undefined;
    if (!found) return pageNotFound();
    if (request.method !== 'GET') throw methodNotAllowed();
    return found(request, target, user);
  };
}

async function openapi(
  { descriptions }: ApiDeps,
  catalog: Catalog,
  request: ApiRequest,
  target: ClusterTarget,
): Promise<ApiResponse> {
  const [, version, ...rest] = target.segments;
  const ifNoneMatch = request.header('if-none-match');
  const kinds = await catalog.kinds(target.cluster);
  if (version === 'v2' && !rest.length)
    return swaggerResponse(kinds, request.header('accept'), ifNoneMatch, descriptions);
  if (version !== 'v3') return pageNotFound();
  const hash = target.query.get('hash');
  const answer = openapiResponse(
    {
      path: rest.join('/'),
      ...(hash !== undefined && { hash }),
      ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    },
    kinds,
    descriptions,
  );
  return answer ?? pageNotFound();
}

const versionOf = ({ version }: ApiDeps) =>
  jsonBytes(200, Buffer.from(JSON.stringify({ ...release, ...version }, undefined, 2)));

const otherPaths = [
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openid/v1/jwks',
  '/readyz',
  '/version',
];

function pathsOf(kinds: readonly Kind[]): string[] {
  const roots = new Set(['/api', '/apis']);
  for (const kind of kinds) {
    if (kind.group) roots.add(`/apis/${kind.group}`);
    roots.add(`${kind.group ? '/apis' : '/api'}/${apiVersionOf(kind)}`);
  }
  return ['/.well-known/openid-configuration', ...[...roots].sort(), ...otherPaths];
}
