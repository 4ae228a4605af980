/** Where in the page one is. All of it stands in the address behind `#`, so that it can be kept and gone back to. */
export type Route =
  | { view: 'namespaces' }
  | { view: 'workloads' | 'events' | 'usage' | 'kinds'; namespace: string }
  | { view: 'pod'; namespace: string; name: string }
  | { view: 'list'; namespace: string; group: string; version: string; plural: string }
  | { view: 'object'; namespace: string; group: string; version: string; plural: string; name: string };

/** Stands for all namespaces, and for none. */
export const everywhere = '*';
/** The group of Pods and Services has no name. */
const core = 'core';

/** The address of a place, for links. */
export function hrefOf(route: Route): string {
  if (route.view === 'namespaces') return '#/namespaces';
  const words: string[] = [route.namespace, route.view];
  if (route.view === 'list' || route.view === 'object')
    words.push(route.group || core, route.version, route.plural);
  if (route.view === 'pod' || route.view === 'object') words.push(route.name);
  return `#/in/${words.map(encodeURIComponent).join('/')}`;
}

/** The place of an address; the workloads of a namespace for one that says nothing. */
export function routeOf(hash: string, namespace: string): Route {
  const home: Route = { view: 'workloads', namespace };
  let words: string[];
  try {
    words = hash.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return home;
  }
  const [root, within, view, ...rest] = words;
  if (root === 'namespaces') return { view: 'namespaces' };
  if (root !== 'in' || !within) return home;
  const [first, version, plural, name] = rest;
  const group = first === core ? '' : first;
  switch (view) {
    case 'workloads':
    case 'events':
    case 'usage':
    case 'kinds':
      return { view, namespace: within };
    case 'pod':
      return first ? { view, namespace: within, name: first } : home;
    case 'list':
      return group !== undefined && version && plural
        ? { view, namespace: within, group, version, plural }
        : home;
    case 'object':
      return group !== undefined && version && plural && name
        ? { view, namespace: within, group, version, plural, name }
        : home;
    default:
      return home;
  }
}

/** The same place in another namespace; of one object, the list of its kind. */
export function inNamespace(route: Route, namespace: string): Route {
  switch (route.view) {
    case 'namespaces':
    case 'pod':
      return { view: 'workloads', namespace };
    case 'object':
      return { ...route, view: 'list', namespace };
    default:
      return { ...route, namespace };
  }
}
