import type { RoutedBackend, Routing } from '../../../shared/ports/cloud.ts';
import type { Parent } from './attachment.ts';
import { type Finding, no, yes } from './conditions.ts';
import {
  type BackendTLSPolicy,
  type Gateway,
  type GatewayClass,
  type GRPCRoute,
  group,
  type HTTPRoute,
  type TLSRoute,
} from './kinds.ts';
import { type Judged, judgeListeners } from './listeners.ts';
import { judgePolicies, type PolicyVerdict } from './policies.ts';
import { type Placed, portsOf } from './ports.ts';
import type { Referred } from './references.ts';
import { placeRoutes, type RoutePlan } from './routes.ts';

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
  grpcRoutes: GRPCRoute[];
  tlsRoutes: TLSRoute[];
  policies: BackendTLSPolicy[];
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

/** A policy with the Gateways for which it counts. */
export interface PolicyPlan {
  policy: BackendTLSPolicy;
  findings: Finding[];
  gateways: Gateway[];
}

export interface Plan {
  classes: { gatewayClass: GatewayClass; finding: Finding }[];
  gateways: GatewayPlan[];
  routes: RoutePlan[];
  policies: PolicyPlan[];
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
  const { verdicts, policyFor } = judgePolicies(observed.policies, observed.configMaps);
  const { routes, placed, backends } = placeRoutes(parents, observed, policyFor);
  const gateways = parents.map((parent) =>
    ofGateway(parent, placed, backends.get(parent.gateway) ?? new Map()),
  );
  return { classes, gateways, routes, policies: verdicts.map((each) => ofPolicy(each, parents, backends)) };
}

/** Says of a policy what it is for those Gateways that send to its Services. */
function ofPolicy(
  { policy, findings }: PolicyVerdict,
  parents: readonly Parent[],
  backends: ReadonlyMap<Gateway, ReadonlyMap<string, RoutedBackend>>,
): PolicyPlan {
  const { namespace } = policy.metadata;
  const names = new Set(policy.spec.targetRefs.map(({ name }) => name));
  const leadsThere = (gateway: Gateway) =>
    [...(backends.get(gateway)?.values() ?? [])].some(
      (backend) => backend.namespace === namespace && names.has(backend.service),
    );
  return { policy, findings, gateways: parents.map(({ gateway }) => gateway).filter(leadsThere) };
}

const ofClass = ({ spec }: GatewayClass): Finding =>
  spec.parametersRef
    ? no('Accepted', 'InvalidParameters', 'the class takes no parameters')
    : yes('Accepted', 'Accepted', 'Gateways of this class are served by the process itself');

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
