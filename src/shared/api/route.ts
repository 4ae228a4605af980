import type { ClusterTarget } from './http/target.ts';

/** What a request addresses by its path and method; nothing is looked up yet. */
export type Route = ResourceRoute | PathRoute;

/** A request for a resource, with the verb that authorisers use (`list`, not `GET`). */
export interface ResourceRoute {
  is: 'resource';
  verb: string;
  group: string;
  version: string;
  plural: string;
  /** Empty for all namespaces and for cluster-scoped resources. */
  namespace: string;
  /** Empty for the collection. */
  name: string;
  subresource: string;
  /** Path segments after the subresource; only proxies serve them. */
  rest: string[];
}

/** A request for a path that is not a resource; the verb is the HTTP method in lower case. */
export interface PathRoute {
  is: 'path';
  verb: string;
}

const namespaceSubresources = ['status', 'finalize'];

/** Parses the path of a request. It reads no registry: the resource need not exist. */
export function routeOf(method: string, { segments, query }: ClusterTarget): Route {
  const path: PathRoute = { is: 'path', verb: method.toLowerCase() };
  const grouped = segments[0] === 'apis';
  if (!grouped && segments[0] !== 'api') return path;
  const group = grouped ? (segments[1] ?? '') : '';
  const version = segments[grouped ? 2 : 1];
  let parts = segments.slice(grouped ? 3 : 2);
  // The old way to say watch=true.
  const watching = parts[0] === 'watch' && parts.length > 1;
  if (watching) parts = parts.slice(1);
  if (version === undefined || parts.length === 0) return path;
  let namespace = '';
  const isNamed = parts[1] !== '';
  if (
    parts[0] === 'namespaces' &&
    parts.length > 2 &&
    !(isNamed && namespaceSubresources.includes(parts[2]!))
  ) {
    namespace = parts[1]!;
    parts = parts.slice(2);
  }
  const [plural = '', name = '', subresource = '', ...rest] = parts;
  const verb = watching || (!name && query.flag('watch')) ? 'watch' : verbOf(method, name !== '');
  return {
    is: 'resource',
    verb: isRead(method) ? verb : verbOf(method, name !== ''),
    group,
    version,
    plural,
    namespace,
    name,
    subresource,
    rest,
  };
}

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

function verbOf(method: string, named: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return '';
  }
}
