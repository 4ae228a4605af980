import { createHash } from 'node:crypto';
import type { Catalog } from '../catalog.ts';
import { parseAccept } from '../http/accept.ts';
import { json, jsonBytes, pageNotFound } from '../http/answer.ts';
import { onlyMediaTypes } from '../http/errors.ts';
import type { ApiRequest, ApiResponse } from '../http/message.ts';
import type { ClusterTarget } from '../http/target.ts';
import { toYaml } from '../http/yaml.ts';
import { aggregated } from './aggregated.ts';
import { apiGroup, apiGroups, apiResources, apiVersions } from './legacy.ts';

interface Document {
  body: Buffer;
  etag: string;
}

export type Discovery = (request: ApiRequest, target: ClusterTarget) => ApiResponse;

/** What is served: /api, /apis and below. The aggregated documents are made once for each kind of cluster. */
export function createDiscovery(catalog: Catalog): Discovery {
  const known = new Map<string, Document>();
  const document = (cluster: string, core: boolean) => {
    const what = `${cluster === 'default'} ${core}`;
    const found = known.get(what) ?? describe(aggregated(catalog.kinds(cluster), core));
    known.set(what, found);
    return found;
  };
  return (request, target) => {
    const [root, group = '', version] = target.segments;
    const { cluster } = target;
    const kinds = catalog.kinds(cluster);
    const core = root === 'api';
    if (target.segments.length === 1) {
      const form = formOf(request.header('accept'));
      if (form === 'aggregated') return answerAggregated(request, document(cluster, core));
      const value = core ? apiVersions(request.header('host') ?? '') : apiGroups(kinds);
      return legacy(value, form, { vary: 'Accept' });
    }
    const value = core
      ? apiResources(kinds, '', group)
      : version
        ? apiResources(kinds, group, version)
        : apiGroup(kinds, group);
    if (!value || target.segments.length > (core ? 2 : 3)) return pageNotFound();
    return legacy(value, formOf(request.header('accept'), false));
  };
}

const legacy = (value: unknown, form: string, headers?: Record<string, string>): ApiResponse =>
  form === 'yaml'
    ? jsonBytes(200, Buffer.from(toYaml(value)), { ...headers, 'content-type': 'application/yaml' })
    : json(200, value, headers);

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

const plain = ['application/json', '*/*', 'application/*'];

/** Throws NotAcceptable. */
function formOf(accept: string | undefined, mayAggregate = true): 'aggregated' | 'json' | 'yaml' {
  if (!accept) return 'json';
  for (const { type, parameters } of parseAccept(accept)) {
    if (parameters.as) {
      const { as, g, v } = parameters;
      const isIt = as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2';
      if (mayAggregate && isIt && type === 'application/json') return 'aggregated';
      continue;
    }
    if (plain.includes(type)) return 'json';
    if (type === 'application/yaml') return 'yaml';
  }
  throw onlyMediaTypes();
}
