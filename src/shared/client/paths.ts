import { apiVersionOf, type Resource } from '../kinds/kind.ts';
import type { DeleteQuery, ListQuery } from './client.ts';

/** '' or `/clusters/<name>`. */
export const clusterPrefix = (cluster: string): string =>
  cluster === 'default' ? '' : `/clusters/${encodeURIComponent(cluster)}`;

/** Path of a collection; of all namespaces when `namespace` is empty. */
export function collectionPath(resource: Resource, namespace = ''): string {
  const root = `${resource.group ? '/apis' : '/api'}/${apiVersionOf(resource)}`;
  const within = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${within}/${resource.plural}`;
}

export const objectPath = (resource: Resource, namespace: string, name: string, subresource = ''): string =>
  `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}${subresource && `/${subresource}`}`;

export function listQuery({ labelSelector, fieldSelector, owner }: ListQuery): string {
  const pairs = Object.entries({ labelSelector, fieldSelector, owner }).flatMap(([key, value]) =>
    value ? [`${key}=${encodeURIComponent(value)}`] : [],
  );
  return pairs.length ? `?${pairs.join('&')}` : '';
}

export function deleteOptions({ uid, resourceVersion, ...rest }: DeleteQuery): object {
  const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  return { ...rest, ...(Object.keys(preconditions).length && { preconditions }) };
}
