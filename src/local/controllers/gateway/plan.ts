import { endpointsOf } from '../../../shared/controllers/service/plan.ts';
import type { RoutedBackend, Routing } from '../../../shared/ports/cloud.ts';
import { attach, isParent, type Parent } from './attachment.ts';
import { type Finding, no, yes } from './conditions.ts';
import {
  type Gateway,
  type GatewayClass,
  group,
  type HTTPRoute,
  type ParentRef,
  type Route,
} from './kinds.ts';
import { type Judged, judgeListeners } from './listeners.ts';
import { type Placed, portsOf } from './ports.ts';
import { type Referred, resolveBackend } from './references.ts';
import { compile } from './rules.ts';

/** Is what a class has to say to be served here. */
export const controllerName = 'shallop.dev/gateway';

/** The class that is there where Gateways are served. */
export const classToMake: GatewayClass = {
  apiVersion: `${group}/v1`,
  kind: 'GatewayClass',
  metadata: { name: 'shallop' },
  spec: { controllerName },
};

export interface Observed extends Referred {
  classes: GatewayClass[];
  gateways: Gateway[];
  httpRoutes: HTTPRoute[];
  /** Are told that nobody serves them. */
  grpcRoutes: Route[];
}

/** A Gateway that is ours, with what is to be served of it and said of it. */
export interface GatewayPlan {
  gateway: Gateway;
  /** Absent: nothing is served. */
  routing?: Routing;
  /** Those that it asks for. */
  addresses: string[];
  accepted: Finding;
  listeners: { judged: Judged; attached: number }[];
}

/** A route with what is to be said of it for each Gateway of ours that it names. */
export interface RoutePlan<T extends Route = Route> {
  route: T;
  parents: { parentRef: ParentRef; findings: Finding[] }[];
}

export interface Plan {
  classes: { gatewayClass: GatewayClass; finding: Finding }[];
  gateways: GatewayPlan[];
  httpRoutes: RoutePlan<HTTPRoute>[];
  grpcRoutes: RoutePlan[];
}

/** Decides what every Gateway of ours serves, and what is said of each object. */
export function plan(observed: Observed): Plan {
  const classes = observed.classes
    .filter(({ spec }) => spec.controllerName === controllerName)
    .map((gatewayClass) => ({ gatewayClass, finding: ofClass(gatewayClass) }));
  const ours = new Set(
    classes.filter(({ finding }) => finding.status === 'True').map((c) => c.gatewayClass.metadata.name),
  );
  const parents = observed.gateways
    .filter(({ spec, metadata }) => ours.has(spec.gatewayClassName) && !metadata.deletionTimestamp)
    .map((gateway): Parent => ({ gateway, listeners: judgeListeners(gateway, observed) }));
  const placed = new Map<Judged, Placed[]>(
    parents.flatMap(({ listeners }) => listeners.map((each) => [each, []])),
  );
  const backends = new Map<Gateway, Map<string, RoutedBackend>>();
  const httpRoutes = observed.httpRoutes
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map((route) => {
      const compiled = compile(route, resolverFor(route, observed));
      const told = attachTo(parents, route, 'HTTPRoute', observed, compiled.unsupported);
      for (const { parent, listeners } of told)
        for (const judged of listeners) {
          const routes = placed.get(judged)!;
          // Two references may lead to one listener.
          if (routes.some((each) => each.route === route)) continue;
          routes.push({ route, rules: compiled.rules });
          const known = backends.get(parent.gateway) ?? new Map<string, RoutedBackend>();
          backends.set(parent.gateway, known);
          for (const [key, backend] of compiled.backends) known.set(key, backend);
        }
      return {
        route,
        parents: told.map(({ parentRef, accepted }) => ({
          parentRef,
          findings: [accepted, compiled.resolvedRefs],
        })),
      };
    });
  const grpcRoutes = observed.grpcRoutes.map((route) => ({
    route,
    parents: attachTo(parents, route, 'GRPCRoute', observed).map(({ parentRef, accepted }) => ({
      parentRef,
      findings: [accepted, yes('ResolvedRefs', 'ResolvedRefs')],
    })),
  }));
  const gateways = parents.map((parent) =>
    ofGateway(parent, placed, backends.get(parent.gateway) ?? new Map()),
  );
  return { classes, gateways, httpRoutes, grpcRoutes };
}

const ofClass = ({ spec }: GatewayClass): Finding =>
  spec.parametersRef
    ? no('Accepted', 'InvalidParameters', 'the class takes no parameters')
    : yes('Accepted', 'Accepted', 'Gateways of this class are served by the process itself');

const resolverFor = (route: HTTPRoute, observed: Observed) => {
  const from = { group, kind: 'HTTPRoute', namespace: route.metadata.namespace ?? '' };
  return (ref: Parameters<typeof resolveBackend>[0]) =>
    resolveBackend(ref, from, observed, (slices) => endpointsOf(slices));
};

interface Told {
  parent: Parent;
  parentRef: ParentRef;
  accepted: Finding;
  listeners: Judged[];
}

const attachTo = (
  parents: readonly Parent[],
  route: Route,
  kind: string,
  { namespaces }: Observed,
  unsupported?: Finding,
): Told[] =>
  (route.spec.parentRefs ?? []).flatMap((parentRef) => {
    const parent = parents.find(({ gateway }) => isParent(parentRef, route, gateway));
    if (!parent) return [];
    const attached = unsupported
      ? { accepted: unsupported, listeners: [] }
      : attach(route, kind, parentRef, parent, namespaces);
    return [{ parent, parentRef, ...attached }];
  });

function ofGateway(
  { gateway, listeners }: Parent,
  placed: ReadonlyMap<Judged, Placed[]>,
  backends: Routing['backends'],
): GatewayPlan {
  const own = new Map(listeners.map((each) => [each, placed.get(each) ?? []]));
  const refused = addressProblem(gateway) ?? unsupportedIn(gateway);
  const accepted = refused ?? acceptedOf(listeners);
  return {
    gateway,
    accepted,
    ...(accepted.status === 'True' && { routing: { ports: portsOf(own), backends } }),
    addresses: (gateway.spec.addresses ?? []).flatMap(({ value }) => value || []),
    listeners: listeners.map((judged) => ({ judged, attached: own.get(judged)!.length })),
  };
}

function acceptedOf(listeners: readonly Judged[]): Finding {
  const refused = listeners.filter(({ isAccepted }) => !isAccepted);
  if (!refused.length) return yes('Accepted', 'Accepted');
  const names = refused.map(({ listener }) => listener.name).join(', ');
  const finding = refused.length === listeners.length ? no : yes;
  return finding('Accepted', 'ListenersNotValid', `listeners that are not served: ${names}`);
}

/** Who may come in, and how programs are spoken to, is never passed over in silence. */
function unsupportedIn({ spec }: Gateway): Finding | undefined {
  if (spec.infrastructure?.parametersRef)
    return no('Accepted', 'InvalidParameters', 'a Gateway takes no parameters: infrastructure.parametersRef');
  for (const field of ['frontend', 'backend'] as const)
    if (spec.tls?.[field]) return no('Accepted', 'UnsupportedValue', `tls.${field} is not served`);
  return undefined;
}

function addressProblem({ spec }: Gateway): Finding | undefined {
  const foreign = spec.addresses?.find(({ type = 'IPAddress' }) => type !== 'IPAddress');
  if (!foreign) return undefined;
  return no('Accepted', 'UnsupportedAddress', `addresses of type ${foreign.type} are not given out`);
}
