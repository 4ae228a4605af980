import type { User } from '../auth/user.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { APIService } from '../kinds/schema/types.ts';
import { table } from '../meta/table.ts';
import { expositionType } from '../observability/exposition.ts';
import { createHealthFigures } from '../observability/healthFigures.ts';
import { aggregator } from './aggregation/ask.ts';
import type { Discovered } from './aggregation/discovered.ts';
import type { Documented, Documents, Swaggered } from './aggregation/documented.ts';
import { serveRemote } from './aggregation/index.ts';
import { type Remotes, remotesBeside } from './aggregation/remotes.ts';
import type { Catalog } from './catalog.ts';
import { clusterSizes } from './clusterSizes.ts';
import type { ApiDeps } from './deps.ts';
import { createDiscovery } from './discovery/index.ts';
import { serveEvents } from './events/index.ts';
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
  others: { remotes: Remotes; discovered: Discovered; documented: Documented; swaggered: Swaggered },
): Paths {
  const { remotes, discovered } = others;
  // Where nothing reaches them, they are not worth a read.
  const beside = async (cluster: string) =>
    deps.otherServers ? remotesBeside(await remotes(cluster), catalog, cluster) : [];
  const discovery = createDiscovery(catalog, {
    beside,
    discovered,
    serve: (service, ...asked) => serveRemote(deps, service, ...asked),
  });
  const figures = createHealthFigures();
  const serve: Record<string, Paths> = table({
    '': async (_request, { cluster }) => json(200, { paths: pathsOf(await catalog.kinds(cluster)) }),
    api: discovery,
    apis: discovery,
    version: (_request, { segments }) => (segments.length > 1 ? pageNotFound() : versionOf(deps)),
    healthz: (_request, target) => health(deps, target, figures),
    livez: (_request, target) => health(deps, target, figures),
    readyz: (_request, target) => health(deps, target, figures),
    metrics: async (_request, { segments }) => {
      const [, part, ...rest] = segments;
      if (part === 'slis' && !rest.length)
        return text(200, figures.expose(), { 'content-type': expositionType });
      if (part !== undefined) return pageNotFound();
      const { contentType, text: body } = await deps.metrics.render();
      return text(200, body, { 'content-type': contentType });
    },
    clusters: (_request, { cluster, segments }) =>
      cluster === 'default' && segments.length === 1 ? clusterSizes(deps.storage) : pageNotFound(),
    debug: (_request, { segments: [, part, name = '', ...rest] }) => {
      const known = part === 'api_priority_and_fairness' && rest.length === 0;
      const found = known ? deps.flowControl?.dump(name) : undefined;
      return found === undefined ? pageNotFound() : text(200, found);
    },
    openapi: async (request, target) => {
      const [, version, ...rest] = target.segments;
      if (version === 'v2' && !rest.length)
        return swagger(deps, catalog, others.swaggered, await beside(target.cluster), request, target);
      const own = await openapi(deps, catalog, request, target);
      if (version !== 'v3' || (rest.length && own.status !== 404)) return own;
      return withOthers(deps, others.documented, await beside(target.cluster), own, request, target);
    },
    '.well-known': (request, { segments }) =>
      segments.length === 2 && segments[1] === 'openid-configuration'
        ? openidConfiguration(deps, request)
        : pageNotFound(),
    openid: (_request, { segments }) =>
      segments.join('/') === 'openid/v1/jwks' ? openidKeys(deps) : pageNotFound(),
  });
  return (request, target, user) => {
    const first = target.segments[0] ?? '';
    const { ownPaths = {} } = deps;
    if (Object.hasOwn(ownPaths, first)) return ownPaths[first]!(request, target, user);
    if (first === 'events') {
      const isAboutDead = target.segments[1] === 'dead-letters' && deps.deadLetters;
      return isAboutDead
        ? isAboutDead(request, target, user)
        : serveEvents({ deps, catalog }, request, target, user);
    }
    const found = Object.hasOwn(serve, first) ? serve[first] : undefined;
    if (!found) return pageNotFound();
    if (request.method !== 'GET') throw methodNotAllowed();
    return found(request, target, user);
  };
}

/** One document, with what other servers say of their versions. */
async function swagger(
  { descriptions, turn }: ApiDeps,
  catalog: Catalog,
  swaggered: Swaggered,
  services: readonly APIService[],
  request: ApiRequest,
  { cluster }: ClusterTarget,
): Promise<ApiResponse> {
  const parts = await Promise.all(services.map((service) => swaggered(cluster, service)));
  return swaggerResponse(await catalog.kinds(cluster), {
    accept: request.header('accept'),
    ifNoneMatch: request.header('if-none-match'),
    words: descriptions,
    parts: parts.filter((part) => part !== undefined),
    turn,
  });
}

async function openapi(
  { descriptions, turn }: ApiDeps,
  catalog: Catalog,
  request: ApiRequest,
  target: ClusterTarget,
): Promise<ApiResponse> {
  const [, version, ...rest] = target.segments;
  const ifNoneMatch = request.header('if-none-match');
  const kinds = await catalog.kinds(target.cluster);
  if (version !== 'v3') return pageNotFound();
  const hash = target.query.get('hash');
  const answer = await openapiResponse(
    {
      path: rest.join('/'),
      ...(hash !== undefined && { hash }),
      ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    },
    kinds,
    descriptions,
    turn,
  );
  return answer ?? pageNotFound();
}

/** The index with the documents of other servers; or such a document, as its server gives it. */
async function withOthers(
  deps: ApiDeps,
  documented: Documented,
  services: readonly APIService[],
  own: ApiResponse,
  request: ApiRequest,
  target: ClusterTarget,
): Promise<ApiResponse> {
  const [, , ...rest] = target.segments;
  if (rest.length) {
    const of = services.find(({ spec }) => rest.join('/') === `apis/${spec?.group}/${spec?.version}`);
    return of ? serveRemote(deps, of, request, target, aggregator) : own;
  }
  if (!services.length || !(own.body instanceof Uint8Array)) return own;
  const found = await Promise.all(services.map((service) => documented(target.cluster, service)));
  const { paths } = JSON.parse(Buffer.from(own.body).toString()) as { paths: Documents };
  const all = Object.entries(Object.assign({}, paths, ...found)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...own, body: Buffer.from(JSON.stringify({ paths: Object.fromEntries(all) })) };
}

const versionOf = ({ version }: ApiDeps) =>
  jsonBytes(200, Buffer.from(JSON.stringify({ ...release, ...version }, undefined, 2)));

const otherPaths = [
  '/healthz',
  '/livez',
  '/metrics',
  '/metrics/slis',
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
