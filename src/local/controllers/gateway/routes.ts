import { endpointsOf } from '../../../shared/controllers/service/plan.ts';
import type { RoutedBackend } from '../../../shared/ports/cloud.ts';
import { byAge } from './ages.ts';
import { attach, hostnamesAt, isParent, type Parent } from './attachment.ts';
import { type Finding, no } from './conditions.ts';
import { asHttpRoute } from './grpc.ts';
import { type Gateway, group, type HTTPRoute, type ParentRef, type Route } from './kinds.ts';
import type { Judged } from './listeners.ts';
import type { Observed } from './plan.ts';
import type { PolicyFor } from './policies.ts';
import type { Placed, RouteKind } from './ports.ts';
import { resolveBackend } from './references.ts';
import { type CompiledRoute, compile, type Resolve } from './rules.ts';

/** A route with what is to be said of it for each Gateway of ours that it names. */
export interface RoutePlan {
  kind: RouteKind;
  route: Route;
  parents: { parentRef: ParentRef; findings: Finding[] }[];
}

/** Where all routes are, and what they lead to. */
export interface PlacedRoutes {
  routes: RoutePlan[];
  placed: Map<Judged, Placed[]>;
  backends: Map<Gateway, Map<string, RoutedBackend>>;
}

/** A route of any kind in the words of HTTP. */
interface Candidate {
  kind: RouteKind;
  route: Route;
  http: HTTPRoute;
}

/** Attaches routes to the listeners that they name and that take them, the older ones first. */
export function placeRoutes(
  parents: readonly Parent[],
  observed: Observed,
  policyFor: PolicyFor,
): PlacedRoutes {
  const placed: PlacedRoutes['placed'] = new Map(
    parents.flatMap(({ listeners }) => listeners.map((each) => [each, []])),
  );
  const backends: PlacedRoutes['backends'] = new Map();
  const routes = candidates(observed).map(({ kind, route, http }): RoutePlan => {
    const compiled = compile(http, resolverFor(route, kind, observed, policyFor));
    const told = attachTo(parents, { kind, route }, observed, placed, compiled.unsupported);
    for (const { parent, listeners } of told)
      place(parent.gateway, listeners, { kind, route }, compiled, placed, backends);
    const findings = (accepted: Finding) => [accepted, compiled.resolvedRefs];
    return {
      ...{ kind, route },
      parents: told.map(({ parentRef, accepted }) => ({ parentRef, findings: findings(accepted) })),
    };
  });
  return { routes, placed, backends };
}

/** A connection of TLS is a request for everything, of which the rule knows the name alone. */
const candidates = ({ httpRoutes, grpcRoutes, tlsRoutes }: Observed): Candidate[] =>
  [
    ...httpRoutes.map((route): Candidate => ({ kind: 'HTTPRoute', route, http: route })),
    ...grpcRoutes.map((route): Candidate => ({ kind: 'GRPCRoute', route, http: asHttpRoute(route) })),
    ...tlsRoutes.map((route): Candidate => ({ kind: 'TLSRoute', route, http: route })),
  ]
    .filter(({ route }) => !route.metadata.deletionTimestamp)
    .sort((a, b) => byAge(a.route, b.route));

const resolverFor = (route: Route, kind: string, observed: Observed, policyFor: PolicyFor): Resolve => {
  const from = { group, kind, namespace: route.metadata.namespace ?? '' };
  return (ref) => resolveBackend(ref, from, observed, (slices) => endpointsOf(slices), policyFor);
};

interface Told {
  parent: Parent;
  parentRef: ParentRef;
  accepted: Finding;
  listeners: Judged[];
}

type Named = Pick<Candidate, 'kind' | 'route'>;

const attachTo = (
  parents: readonly Parent[],
  { kind, route }: Named,
  { namespaces }: Observed,
  placed: PlacedRoutes['placed'],
  unsupported?: Finding,
): Told[] =>
  (route.spec.parentRefs ?? []).flatMap((parentRef) => {
    const parent = parents.find(({ gateway }) => isParent(parentRef, route, gateway));
    if (!parent) return [];
    if (unsupported) return [{ parent, parentRef, accepted: unsupported, listeners: [] }];
    const { accepted, listeners } = attach(route, kind, parentRef, parent, namespaces);
    const free = listeners.filter((judged) => !isRivalled({ kind, route }, judged, placed.get(judged) ?? []));
    if (!listeners.length || free.length) return [{ parent, parentRef, accepted, listeners: free }];
    const message = 'an older route of another kind has the same hostnames';
    return [{ parent, parentRef, accepted: no('Accepted', 'HostnameConflict', message), listeners: [] }];
  });

/** A host is served for HTTPRoutes or for GRPCRoutes: the older one has it. */
const isRivalled = ({ kind, route }: Named, { hostname }: Judged, there: readonly Placed[]): boolean => {
  const own = new Set(hostnamesAt(route, hostname).map(({ host }) => host));
  return there.some(
    (other) => other.kind !== kind && hostnamesAt(other.route, hostname).some(({ host }) => own.has(host)),
  );
};

function place(
  gateway: Gateway,
  listeners: readonly Judged[],
  { kind, route }: Named,
  compiled: CompiledRoute,
  placed: PlacedRoutes['placed'],
  backends: PlacedRoutes['backends'],
): void {
  for (const judged of listeners) {
    const routes = placed.get(judged)!;
    // Two references may lead to one listener.
    if (routes.some((each) => each.route === route)) continue;
    routes.push({ kind, route, rules: compiled.rules });
    const known = backends.get(gateway) ?? new Map<string, RoutedBackend>();
    backends.set(gateway, known);
    for (const [key, backend] of compiled.backends) known.set(key, backend);
  }
}
