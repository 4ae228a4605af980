import type { User } from '../auth/user.ts';
import { ApiError } from '../errors/apiError.ts';
import type { Kind, Verb } from '../kinds/kind.ts';
import { serveRemote } from './aggregation/index.ts';
import { isAvailable } from './aggregation/remotes.ts';
import { getComponentStatus, listComponentStatuses } from './computed/componentStatuses.ts';
import { definitionsResource } from './custom/definitions.ts';
import { establish } from './custom/establish.ts';
import { representationFor } from './http/accept.ts';
import { pageNotFound, warningHeaders } from './http/answer.ts';
import { methodNotAllowed, onlyMediaTypes, unknownResource } from './http/errors.ts';
import { failureFor } from './http/failure.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import { requestWith } from './http/requestWith.ts';
import type { ClusterTarget } from './http/target.ts';
import type { Api } from './index.ts';
import { annotate, type Seen } from './measure.ts';
import { getMeasurement, listMeasurements } from './metrics/index.ts';
import type { Call, Serve } from './request.ts';
import { review } from './reviews/index.ts';
import type { ResourceRoute } from './route.ts';
import type { Served } from './served.ts';
import { bind } from './subresources/binding.ts';
import { subresource } from './subresources/index.ts';
import { create } from './verbs/create.ts';
import { deleteOne } from './verbs/delete.ts';
import { deleteCollection } from './verbs/deleteCollection.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';

const verbs: Record<Verb, Serve> = {
  create,
  get,
  list,
  watch,
  update: update('main'),
  patch: patch('main'),
  delete: deleteOne,
  deletecollection: deleteCollection,
};

/** Is what serves the verbs of kinds of which nothing is stored. */
const virtuals: Record<NonNullable<Kind['virtual']>, Partial<Record<Verb, Serve>>> = {
  review: { create: review },
  binding: { create: bind },
  computed: { get: getComponentStatus, list: listComponentStatuses },
  measurement: { get: getMeasurement, list: listMeasurements },
};

/** A request below /api/v1 or /apis/<group>/<version>. */
export function serveResource(api: Api, asked: Asked): Promise<ApiResponse> {
  const { target, route } = asked;
  const served = api.catalog.builtIn(target.cluster, route.group, route.version, route.plural);
  if (served?.kind.virtual === 'measurement') return serveMeasurement(api, served, asked);
  return served ? serveKind(api, served, asked) : serveOther(api, asked);
}

/** Asks metrics-server or an adapter, where somebody has registered one and it answers; else measures. */
async function serveMeasurement(api: Api, served: Served, asked: Asked): Promise<ApiResponse> {
  const { request, target, route, user } = asked;
  const remotes = api.deps.otherServers && (await api.remotes(target.cluster));
  const remote = remotes?.get(`${route.group}/${route.version}`);
  if (remote && isAvailable(remote)) return serveRemote(api.deps, remote, request, target, user);
  return serveKind(api, served, asked);
}

interface Asked {
  request: ApiRequest;
  target: ClusterTarget;
  route: ResourceRoute;
  user: User;
  seen: Seen;
}

/** Serves what is not built in. */
async function serveOther(api: Api, asked: Asked): Promise<ApiResponse> {
  const { catalog, deps } = api;
  const { request, target, route, user } = asked;
  const { group, version, plural } = route;
  const served = await catalog.custom(target.cluster, group, version, plural);
  if (!served && !catalog.hasVersion(target.cluster, group, version) && group) {
    const remote = (await api.remotes(target.cluster)).get(`${group}/${version}`);
    if (remote) return serveRemote(deps, remote, request, target, user);
  }
  return await (served ? serveKind(api, served, asked) : nothingThere(api, asked));
}

async function nothingThere({ catalog }: Api, { target, route }: Asked): Promise<ApiResponse> {
  const { group, version } = route;
  if (catalog.hasVersion(target.cluster, group, version) || group === '') throw unknownResource();
  return pageNotFound();
}

/** What it throws at once and what it rejects with are the same to whoever awaits it. */
function serveKind(api: Api, served: Served, asked: Asked): Promise<ApiResponse> {
  const { request, target, route, user, seen } = asked;
  const { namespace, name } = route;
  if (!isPlace(served, route)) return nothingThere(api, asked);
  const { deps, encoder } = api;
  const { cluster, query } = target;
  if (!otherMedia.includes(route.subresource)) representationFor(request.header('accept'), !name);
  const own = served.storage ? { ...deps, storage: served.storage } : deps;
  const call: Call = {
    deps: own,
    request: hasNoTable(served, route) ? withoutTable(request) : request,
    user,
    cluster,
    // A Binding is a word about a Pod.
    served: served.kind.virtual === 'binding' ? podsOf(api, cluster) : served,
    namespace,
    name,
    query,
    encoder,
    annotate: (key, value) => annotate(seen, key, value),
  };
  const { deprecated } = served.kind;
  const serve = serveFor(served, route);
  seen.isServed = true;
  const answer = deprecated ? discouraged(deprecated, serve, call) : serve(call);
  const establishes = served.resource === definitionsResource && !harmless.includes(route.verb);
  return establishes ? established(call, api, answer) : answer;
}

async function established(call: Call, api: Api, coming: Promise<ApiResponse>): Promise<ApiResponse> {
  const answer = await coming;
  await establish(call, api.definitions);
  return answer;
}

function podsOf({ catalog }: Api, cluster: string): Served {
  const pods = catalog.builtIn(cluster, '', 'v1', 'pods');
  if (!pods) throw unknownResource();
  return pods;
}

/** Verbs after which there is nothing to do. */
const harmless = ['get', 'list', 'watch'];

/** The answer, refusals too, with a word against the kind. */
async function discouraged(why: string, serve: Serve, call: Call): Promise<ApiResponse> {
  const answer = await serve(call).catch((error) => {
    if (error instanceof ApiError) return failureFor(call.request, error);
    throw error;
  });
  const others = [answer.headers.warning ?? []].flat();
  const warning = [warningHeaders([why])?.warning ?? [], others].flat();
  return { ...answer, headers: { ...answer.headers, warning } };
}

/** Reviews are answers to questions; others are orders. Neither is ever listed, so a real server has no Table of them. */
const hasNoTable = ({ kind }: Served, { subresource, verb }: ResourceRoute): boolean =>
  verb === 'create' &&
  (['review', 'binding'].includes(kind.virtual ?? '') ||
    ['token', 'binding', 'eviction'].includes(subresource));

/** The same request of a client that takes everything it asks for but a Table. Throws NotAcceptable when that is all. */
function withoutTable(request: ApiRequest): ApiRequest {
  const clauses = (request.header('accept') ?? '').split(',');
  const others = clauses.filter((clause) => !/;\s*as=Table\b/.test(clause));
  if (others.length === clauses.length) return request;
  if (!others.length) throw onlyMediaTypes();
  return requestWith(request, {
    header: (name) => (name === 'accept' ? others.join(',') : request.header(name)),
  });
}

/** Subresources that answer in media types of their own. */
const otherMedia = ['log', 'exec', 'attach', 'portforward', 'proxy'];

/** Objects of a namespaced kind have a namespace, others have none; a list may go over all of them. */
function isPlace({ kind }: Served, { namespace, name, rest, subresource }: ResourceRoute): boolean {
  if (rest.length && subresource !== 'proxy') return false;
  const overAll = name === '' && kind.verbs.includes('list');
  return kind.namespaced ? namespace !== '' || overAll : namespace === '';
}

function serveFor(served: Served, { verb, name, namespace, subresource: sub }: ResourceRoute): Serve {
  const { kind } = served;
  if (sub) return subresource(served, sub, verb, name);
  // What can only be created has no paths of objects.
  if (name && !kind.verbs.some((each) => onlyObjects.includes(each))) throw unknownResource();
  const serve = (kind.virtual ? virtuals[kind.virtual] : verbs)[verb as Verb];
  if (!serve || !kind.verbs.includes(verb as Verb)) throw methodNotAllowed();
  if (name ? onlyCollections.includes(verb) : onlyObjects.includes(verb)) throw methodNotAllowed();
  if (kind.namespaced && !namespace && !acrossNamespaces.includes(verb)) throw methodNotAllowed();
  return serve;
}

const onlyCollections = ['create', 'list', 'deletecollection'];
const onlyObjects = ['get', 'update', 'patch', 'delete'];
const acrossNamespaces = ['list', 'watch'];
