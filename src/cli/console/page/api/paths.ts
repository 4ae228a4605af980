import type { Resource } from './types.ts';

type Place = Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;

/** The path of a list, or of one object. Without a namespace, the list goes over all of them. */
export function pathOf(
  { group, version, plural, namespaced }: Place,
  namespace: string | undefined,
  name?: string,
): string {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const within = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${within}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

const place = (group: string, plural: string, namespaced = true): Place => ({
  group,
  version: 'v1',
  plural,
  namespaced,
});

/** Resources that views know by name. */
export const known = {
  pods: place('', 'pods'),
  services: place('', 'services'),
  events: place('', 'events'),
  namespaces: place('', 'namespaces', false),
  deployments: place('apps', 'deployments'),
  replicaSets: place('apps', 'replicasets'),
  endpointSlices: place('discovery.k8s.io', 'endpointslices'),
};
