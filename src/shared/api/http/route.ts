/** What a request's path speaks of. */
export type Route =
  | ({ type: 'resource'; cluster: string; prefix: string } & ResourcePath)
  | { type: 'path'; cluster: string; prefix: string; path: string };

export interface ResourcePath {
  group: string;
  version: string;
  plural: string;
  namespace: string;
  /** Empty for the collection. */
  name: string;
  /** `status`, `log`, …; empty for the object itself. */
  subresource: string;
  /** The old form `/api/v1/watch/…`. */
  watch: boolean;
}

const clusters = '/clusters/';

/** Splits a path (without its query). Names are percent-decoded. Throws URIError for bad escapes. */
export function parseRoute(path: string): Route {
  let cluster = 'default';
  let prefix = '';
  let rest = path;
  if (path.startsWith(clusters)) {
    const end = path.indexOf('/', clusters.length);
    cluster = decodeURIComponent(path.slice(clusters.length, end < 0 ? undefined : end));
    prefix = path.slice(0, end < 0 ? undefined : end);
    rest = end < 0 ? '/' : path.slice(end);
  }
  const resource = parseResource(rest);
  if (resource) return { type: 'resource', cluster, prefix, ...resource };
  return { type: 'path', cluster, prefix, path: rest.length > 1 ? rest.replace(/\/+$/, '') : rest };
}

function parseResource(path: string): ResourcePath | undefined {
  const parts = path.split('/');
  if (parts.at(-1) === '') parts.pop();
  const isCore = parts[1] === 'api';
  if (!isCore && parts[1] !== 'apis') return undefined;
  const group = isCore ? '' : parts[2]!;
  const version = parts[isCore ? 2 : 3];
  let at = isCore ? 3 : 4;
  if (!version || parts.length <= at) return undefined;
  const watch = parts[at] === 'watch';
  if (watch) at++;
  let namespace = '';
  // /namespaces/x/pods is about Pods; /namespaces/x and its own subresources are about the Namespace.
  const isNamespaceItself = parts.length <= at + 2 || ['status', 'finalize'].includes(parts[at + 2]!);
  if (parts[at] === 'namespaces' && !isNamespaceItself) {
    namespace = decodeURIComponent(parts[at + 1]!);
    at += 2;
  }
  const [plural = '', name = '', ...sub] = parts.slice(at);
  return {
    group,
    version,
    plural,
    namespace,
    name: decodeURIComponent(name),
    subresource: sub.join('/'),
    watch,
  };
}
