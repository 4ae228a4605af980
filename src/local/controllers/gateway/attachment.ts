import type { Namespace } from '../../../shared/kinds/schema/types.ts';
import { selectsForBudget } from '../../../shared/meta/selects.ts';
import { type Finding, no, yes } from './conditions.ts';
import { intersection } from './hostnames.ts';
import { type Gateway, group, type Listener, type ParentRef, type Route } from './kinds.ts';
import type { Judged } from './listeners.ts';

/** A Gateway that is served here, with its listeners. */
export interface Parent {
  gateway: Gateway;
  listeners: Judged[];
}

/** Describes what became of a route's wish to attach. */
export interface Attached {
  accepted: Finding;
  listeners: Judged[];
}

/** Returns whether a reference of a route names this Gateway. */
export const isParent = (ref: ParentRef, route: Route, { metadata }: Gateway): boolean =>
  (ref.group ?? group) === group &&
  (ref.kind ?? 'Gateway') === 'Gateway' &&
  ref.name === metadata.name &&
  (ref.namespace ?? route.metadata.namespace) === metadata.namespace;

/** Finds the listeners of a Gateway to which a reference of a route attaches it. */
export function attach(
  route: Route,
  kind: string,
  ref: ParentRef,
  { gateway, listeners }: Parent,
  namespaces: ReadonlyMap<string, Namespace>,
): Attached {
  const none = (reason: string, message: string) => ({
    accepted: no('Accepted', reason, message),
    listeners: [],
  });
  const { sectionName, port } = ref;
  const named = listeners.filter(
    ({ listener }) =>
      (sectionName === undefined || listener.name === sectionName) &&
      (port === undefined || listener.port === port),
  );
  const wanted = [sectionName && `name ${sectionName}`, port && `port ${port}`].filter(Boolean).join(' and ');
  if (!named.length) return none('NoMatchingParent', `the Gateway has no listener of ${wanted}`);
  const accepted = named.filter(({ isAccepted }) => isAccepted);
  if (!accepted.length)
    return none('NoMatchingParent', `the Gateway serves no listener of ${wanted || 'those that it has'}`);
  const allowed = accepted
    .filter(({ supportedKinds }) => supportedKinds.some((each) => each.kind === kind))
    .filter(({ listener }) => isFrom(listener, route, gateway, namespaces));
  if (!allowed.length)
    return none(
      'NotAllowedByListeners',
      `no listener takes ${kind}s of namespace ${route.metadata.namespace}`,
    );
  const matching = allowed.filter(({ hostname }) => hostnamesAt(route, hostname).length > 0);
  if (!matching.length)
    return none('NoMatchingListenerHostname', 'no hostname of the route is one of a listener');
  return { accepted: yes('Accepted', 'Accepted'), listeners: matching };
}

/** The hosts that a route has at a listener, each with the route's own name for it (empty: it has none). */
export function hostnamesAt({ spec }: Route, hostname: string): { host: string; own: string }[] {
  const own = spec.hostnames?.length ? spec.hostnames.map((name) => name.toLowerCase()) : [''];
  return own.flatMap((name) => {
    const host = intersection(hostname, name);
    return host === undefined ? [] : [{ host, own: name }];
  });
}

function isFrom(
  { allowedRoutes }: Listener,
  route: Route,
  gateway: Gateway,
  namespaces: ReadonlyMap<string, Namespace>,
): boolean {
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  const { namespace = '' } = route.metadata;
  if (from === 'All') return true;
  if (from === 'Same') return namespace === gateway.metadata.namespace;
  return from === 'Selector' && selectsForBudget(selector, namespaces.get(namespace)?.metadata.labels);
}
