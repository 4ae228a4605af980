import { type Attributes, checkAllowed } from '../auth/authorize.ts';
import { impersonated } from '../auth/impersonate.ts';
import type { User } from '../auth/user.ts';
import { ApiError } from '../errors/apiError.ts';
import { notFound } from '../errors/common.ts';
import type { Definitions } from '../kinds/custom/definitions.ts';
import { resourceName } from '../kinds/kind.ts';
import { parseFieldSelector } from '../meta/fields.ts';
import { isComing, type Soon } from '../meta/soon.ts';
import type { Stored } from '../ports/storage.ts';
import { discoveredBy } from './aggregation/discovered.ts';
import { documentedBy, swaggeredBy } from './aggregation/documented.ts';
import { type Remotes, storedRemotes } from './aggregation/remotes.ts';
import type { AuditedRequest } from './auditTrail.ts';
import { type Catalog, createCatalog } from './catalog.ts';
import { storedDefinitions } from './custom/definitions.ts';
import type { ApiDeps } from './deps.ts';
import { methodNotAllowed } from './http/errors.ts';
import { failureFor } from './http/failure.ts';
import { compressed } from './http/gzip.ts';
import type { ApiRequest, ApiResponse, Handle } from './http/message.ts';
import { type ClusterTarget, isTemplate, parseTarget } from './http/target.ts';
import { checkTimeout } from './http/timeout.ts';
import { measured, type Seen } from './measure.ts';
import { createPaths, type Paths } from './paths.ts';
import { serveResource } from './resource.ts';
import { type Route, routeOf } from './route.ts';
import { type ServedApi, storedResources } from './servedResources.ts';
import { createWatchEncoder, type WatchEncoder } from './watch/encode.ts';

export type { ApiDeps } from './deps.ts';

/** The parts that live as long as the API. */
export interface Api {
  deps: ApiDeps;
  catalog: Catalog;
  /** The CustomResourceDefinitions of a logical cluster, as stored now. */
  definitions(cluster: string): Soon<Definitions>;
  /** The APIServices of aggregated servers. */
  remotes: Remotes;
  paths: Paths;
  encoder: WatchEncoder;
}

/**
 * Makes the whole API: it authenticates, routes, authorises, decodes, defaults, admits, stores and encodes. Every error
 * becomes a Status; an error that is not an ApiError is logged and becomes InternalError.
 */
export function createApi(deps: ApiDeps): ServedApi {
  const definitions = storedDefinitions(deps.storage);
  const catalog = createCatalog(servedBy(deps), deps.storage, definitions, deps.askConversion, deps.turn);
  const remotes = storedRemotes(deps.storage);
  const discovered = discoveredBy(deps.otherServers, deps.clock);
  const documented = documentedBy(deps.otherServers, deps.clock);
  const swaggered = swaggeredBy(deps.otherServers, deps.clock);
  const api: Api = {
    deps,
    catalog,
    definitions,
    remotes,
    paths: createPaths(deps, catalog, { remotes, discovered, documented, swaggered }),
    encoder: createWatchEncoder(),
  };
  const handle: Handle = async (request) => {
    const seen: Seen = {
      request,
      // A client may have given it a name by which it looks for it again.
      auditId: request.header('audit-id') || (request.peer.internal ? '' : deps.ids.uid()),
      verb: request.method.toLowerCase(),
      start: deps.clock.now(),
    };
    try {
      return measured(deps, seen, await serve(api, request, seen));
    } catch (error) {
      if (!(error instanceof ApiError))
        deps.log.error('a request failed inside', { method: request.method, target: request.target, error });
      return measured(deps, seen, failureFor(request, error));
    }
  };
  return Object.assign(handle, {
    resources: async (cluster: string) => storedResources(await catalog.kinds(cluster)),
  });
}

/** What cannot be measured is not served. */
const servedBy = ({ kinds, meter }: ApiDeps) =>
  meter ? kinds : kinds.filter(({ virtual }) => virtual !== 'measurement');

async function serve(api: Api, received: ApiRequest, seen: Seen): Promise<ApiResponse> {
  const { deps } = api;
  const target = parseTarget(received.target);
  const { cluster } = target;
  seen.cluster = cluster;
  const route = routeOf(received.method, target);
  const known = authenticated(api, received, { target, route }, seen);
  const real = isComing(known) ? await known : known;
  seen.user = real;
  if (route.is === 'resource') seen.route = route;
  const attributesAs = (who: User) => attributesOf(who, target, route);
  const audited = deps.auditTrail?.begin(received, seen.auditId, attributesAs(real));
  if (audited) seen.audited = audited;
  checkTimeout(target, route);
  const wanted = impersonated(real, (prefix) => received.headersBeginning(prefix), deps.authorizer, cluster);
  const user = isComing(wanted) ? await wanted : wanted;
  if (user !== real) seen.actingAs = user.name;
  audited?.judging(user === real ? undefined : user);
  const attributes = attributesAs(user);
  const request = audited?.request ?? received;
  const judge = () => judged(api, request, { target, route, user, attributes, audited }, seen);
  const { flowControl } = deps;
  if (!flowControl || request.peer.internal) return judge();
  return flowControl.admit({ attributes, request, query: target.query }, judge, (headers) => {
    seen.headers = headers;
  });
}

/** Returns the user of a request. A request that is refused here is audited too. */
function authenticated(
  { deps }: Api,
  request: ApiRequest,
  { target, route }: Pick<Asked, 'target' | 'route'>,
  seen: Seen,
): Soon<User> {
  const refused = (error: unknown): never => {
    const audited = deps.auditTrail?.refused(request, seen.auditId, attributesOf(nobody, target, route));
    if (audited) seen.audited = audited;
    throw error;
  };
  try {
    const user = deps.authenticate({
      header: (name) => request.header(name),
      peer: request.peer,
      cluster: target.cluster,
    });
    return isComing(user) ? user.catch(refused) : user;
  } catch (error) {
    return refused(error);
  }
}

const nobody: User = { name: '', groups: [] };

/** Describes what a request asks for, and its user. */
interface Asked {
  target: ClusterTarget;
  route: Route;
  user: User;
  attributes: Attributes;
  audited: AuditedRequest | undefined;
}

/** Serves a request that is authorised. */
async function judged(api: Api, request: ApiRequest, asked: Asked, seen: Seen): Promise<ApiResponse> {
  const { deps } = api;
  const { target, route, user, attributes, audited } = asked;
  const { cluster } = target;
  const verdict = checkAllowed(deps.authorizer, attributes);
  const reason = isComing(verdict) ? await verdict : verdict;
  audited?.allowed(reason);
  const isProxied = route.is === 'resource' && route.subresource === 'proxy';
  if (!isProxied && ['HEAD', 'OPTIONS'].includes(request.method)) throw methodNotAllowed();
  if (cluster !== 'default' && !(request.peer.internal && isTemplate(cluster))) {
    const object = await checkCluster(api, cluster, user, route);
    if (object) await deps.beginFork?.(object);
    // Those who fill it are callers in the process.
    if (object && !request.peer.internal) await deps.fillCluster?.(cluster);
  }
  if (route.is === 'path') return compressed(request, await api.paths(request, target, user));
  // What is to be listed or changed has to be there; those who write it are callers in the process.
  if (route.group && !request.peer.internal) await deps.fillPolicy?.(cluster, route.group);
  if (isServiceRoute(route) && cluster !== 'default' && !request.peer.internal)
    await deps.fillServices?.(cluster);
  const answer = await serveResource(api, { request, target, route, user, seen });
  // What may be large and ends by itself.
  const isRead = (route.verb === 'get' || route.verb === 'list') && !route.subresource;
  return isRead ? compressed(request, answer) : answer;
}

/** Is made for every request, and so a field at a time: a literal with spreads takes longer than all else here. */
function attributesOf(user: User, { cluster, path, query }: ClusterTarget, route: Route): Attributes {
  if (route.is === 'path') return { cluster, user, verb: route.verb, path };
  const { verb, group, version, plural, subresource } = route;
  const resource = subresource ? { group, version, plural, subresource } : { group, version, plural };
  const found: Attributes = { cluster, user, verb, resource, path };
  // A Namespace is in itself: who may look into one may look at it.
  const namespace = route.namespace || (plural === 'namespaces' && !group ? route.name : '');
  if (namespace) found.namespace = namespace;
  const name = route.name || (verb === 'list' || verb === 'watch' ? selectedName(query) : '');
  if (name) found.name = name;
  const fieldSelector = selecting.includes(verb) ? query.get('fieldSelector') : undefined;
  if (fieldSelector) found.fieldSelector = fieldSelector;
  return found;
}

const selecting = ['list', 'watch', 'deletecollection'];

/** The one name that a list or watch can be about: a right to that name is enough for it. */
function selectedName(query: ClusterTarget['query']): string {
  const text = query.get('fieldSelector');
  if (!text) return '';
  try {
    const name = parseFieldSelector(text).exactly('metadata.name') ?? '';
    return /^\.{1,2}$|[/%]/.test(name) ? '' : name;
  } catch {
    // The request is refused for it once it is allowed.
    return '';
  }
}

const serviceResources = ['services', 'endpoints', 'endpointslices'];
const isServiceRoute = ({ group, plural }: { group: string; plural: string }): boolean =>
  serviceResources.includes(plural) && ['', 'discovery.k8s.io'].includes(group);

const logicalClusters = { group: 'shallop.dev', version: 'v1', plural: 'logicalclusters' };

/**
 * Returns the object of a logical cluster. When it does not exist, only users who may read it, or act within the cluster, get
 * NotFound: for others it looks like a cluster in which they have no rights.
 */
async function checkCluster(
  { deps, catalog }: Api,
  name: string,
  user: User,
  route: Route,
): Promise<Stored | undefined> {
  const resource = resourceName(logicalClusters);
  const object = await deps.storage.get({ cluster: 'default', resource, namespace: '', name });
  if (object) return object;
  const isForEverybody =
    route.is === 'path' ||
    catalog.builtIn(name, route.group, route.version, route.plural)?.kind.virtual === 'review';
  if (isForEverybody) {
    const looking = { cluster: 'default', user, verb: 'get', resource: logicalClusters, name, path: '' };
    if (!(await deps.authorizer.decide(looking)).allowed) return undefined;
  }
  throw notFound({ ...logicalClusters, name });
}
