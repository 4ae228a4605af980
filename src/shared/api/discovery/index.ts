import { createHash } from 'node:crypto';
import type { User } from '../../auth/user.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { APIService } from '../../kinds/schema/types.ts';
import type { Discovered } from '../aggregation/discovered.ts';
import type { Catalog } from '../catalog.ts';
import { formatOf, parseAccept } from '../http/accept.ts';
import { pageNotFound } from '../http/answer.ts';
import { type Encoding, encoded, isPretty } from '../http/encode.ts';
import { notAcceptable, onlyMediaTypes, unknownResource } from '../http/errors.ts';
import type { ApiRequest, ApiResponse } from '../http/message.ts';
import type { ClusterTarget } from '../http/target.ts';
import { aggregated } from './aggregated.ts';
import { apiGroup, apiGroups, apiResources, apiVersions } from './legacy.ts';
import { groupsWithRemotes, groupWithRemotes, withRemotes } from './remote.ts';

interface Document {
  body: Buffer;
  etag: string;
}

/** Answers a GET of /api, /apis or anything below them in one logical cluster. */
export type Discovery = (request: ApiRequest, target: ClusterTarget, user: User) => Promise<ApiResponse>;

/** Groups that other servers serve. */
export interface OtherGroups {
  /** APIServices of versions that are not built in here; none where other servers are not reached. */
  beside(cluster: string): Promise<APIService[]>;
  discovered: Discovered;
  /** Sends the request on. */
  serve(service: APIService, request: ApiRequest, target: ClusterTarget, user: User): Promise<ApiResponse>;
}

/** Returns what is served: /api, /apis and below. An aggregated document is made once for each list of kinds. */
export function createDiscovery(catalog: Catalog, others: OtherGroups): Discovery {
  const known = {
    core: new WeakMap<readonly Kind[], Document>(),
    groups: new WeakMap<readonly Kind[], Document>(),
  };
  const document = (kinds: readonly Kind[], core: boolean) => {
    const cache = core ? known.core : known.groups;
    const found = cache.get(kinds) ?? describe(aggregated(kinds, core));
    cache.set(kinds, found);
    return found;
  };
  return async (request, target, user) => {
    const [root, group = '', version] = target.segments;
    const { cluster } = target;
    const core = root === 'api';
    // There are no definitions in the core group.
    const kinds = core ? catalog.builtIns(cluster) : await catalog.kinds(cluster);
    const remotes = core ? [] : await others.beside(cluster);
    if (target.segments.length === 1) {
      const form = formOf(request.header('accept'));
      if (form === 'aggregated') {
        if (remotes.length === 0) return answerAggregated(request, document(kinds, core));
        const found = await Promise.all(remotes.map((service) => others.discovered(cluster, service)));
        const whole = withRemotes(aggregated(kinds, core), remotes, found);
        return answerAggregated(request, describe(whole));
      }
      const value = core
        ? apiVersions(request.header('host') ?? '')
        : groupsWithRemotes(apiGroups(kinds), remotes);
      return legacy(request, value, form, { vary: 'Accept' });
    }
    const remote = remotes.find(({ spec }) => spec?.group === group && spec.version === version);
    if (remote && target.segments.length === 3) return others.serve(remote, request, target, user);
    const value = core
      ? apiResources(kinds, '', group)
      : version
        ? apiResources(kinds, group, version)
        : groupWithRemotes(apiGroup(kinds, group), group, remotes);
    if (!value || target.segments.length > (core ? 2 : 3)) {
      if (core || (version && apiGroup(catalog.builtIns(cluster), group))) throw unknownResource();
      return pageNotFound();
    }
    return legacy(request, value, formOf(request.header('accept'), false) as Encoding['format']);
  };
}

/** A plain answer in the form that the client takes. */
function legacy(
  request: ApiRequest,
  value: { kind: string },
  form: Encoding['format'],
  headers?: Record<string, string>,
): ApiResponse {
  return encoded(200, value, value.kind, { format: form, pretty: isPretty(request) }, headers);
}

function describe(value: unknown): Document {
  const body = Buffer.from(JSON.stringify(value));
  return { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
}

function answerAggregated(request: ApiRequest, { body, etag }: Document): ApiResponse {
  const headers = {
    'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    'cache-control': 'public',
    etag,
    vary: 'Accept',
  };
  return request.header('if-none-match') === etag
    ? { status: 304, headers, body: new Uint8Array() }
    : { status: 200, headers, body };
}

/** Throws NotAcceptable. */
function formOf(accept: string | undefined, mayAggregate = true): 'aggregated' | Encoding['format'] {
  if (!accept) return 'json';
  const clauses = parseAccept(accept);
  for (const { type, parameters } of clauses) {
    const { as, g, v } = parameters;
    if (!as) continue;
    const isIt = as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2';
    if (mayAggregate && isIt && type === 'application/json') return 'aggregated';
  }
  const plain = clauses.filter(({ parameters }) => !parameters.as).map(({ type }) => type);
  const format = plain.length ? formatOf(plain.join(',')) : undefined;
  if (format) return format;
  throw formatOf(accept) ? onlyMediaTypes() : notAcceptable();
}
