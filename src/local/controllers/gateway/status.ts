import { same } from '../../../shared/controllers/common/hash.ts';
import type { GatewayOutcome } from '../../../shared/ports/cloud.ts';
import { type Finding, no, settle, yes } from './conditions.ts';
import type { GatewayStatus, PolicyAncestor, Route } from './kinds.ts';
import { controllerName, type GatewayPlan, type PolicyPlan } from './plan.ts';
import { ancestorOf } from './policies.ts';
import type { RoutePlan } from './routes.ts';

/** The status of a Gateway, by what came of serving it. */
export function gatewayStatus(
  { gateway, accepted, listeners, addresses }: GatewayPlan,
  outcome: GatewayOutcome | undefined,
  now: string,
): GatewayStatus {
  const { generation } = gateway.metadata;
  const at = { generation, now };
  const reached = outcome?.address;
  const known = new Map(gateway.status?.listeners?.map((each) => [each.name, each.conditions]));
  return {
    ...gateway.status,
    addresses: reached ? [{ type: 'IPAddress', value: reached }] : [],
    conditions: settle(
      gateway.status?.conditions,
      [accepted, programmedOf(accepted, outcome, addresses)],
      at,
    ),
    listeners: listeners.map(({ judged, attached }) => ({
      name: judged.listener.name,
      supportedKinds: judged.supportedKinds,
      attachedRoutes: attached,
      conditions: settle(
        known.get(judged.listener.name),
        [...judged.findings, listenerProgrammed(judged, outcome)],
        at,
      ),
    })),
  };
}

function programmedOf(accepted: Finding, outcome: GatewayOutcome | undefined, asked: string[]): Finding {
  if (!outcome) return no('Programmed', 'Invalid', accepted.message);
  if (outcome.address) return yes('Programmed', 'Programmed');
  return no(
    'Programmed',
    'AddressNotUsable',
    `this machine cannot serve it at ${asked.join(', ')}: a Gateway has one address, of the range of load balancers`,
  );
}

function listenerProgrammed(
  { listener, isUsable, findings }: GatewayPlan['listeners'][number]['judged'],
  outcome: GatewayOutcome | undefined,
): Finding {
  if (!isUsable) {
    const bad = findings.find(({ type, status }) => type !== 'Conflicted' && status === 'False');
    return no('Programmed', 'Invalid', bad?.message ?? '');
  }
  const place = outcome?.ports.get(listener.port);
  if (!outcome?.address || !place) return no('Programmed', 'Pending', 'the Gateway is not served');
  return yes(
    'Programmed',
    'Programmed',
    place.why && `served at ${outcome.address}:${place.port}: ${place.why}`,
  );
}

/** The parents of a route after what is found of ours; those of other controllers stay as they are. */
export function routeParents(
  { route, parents }: RoutePlan,
  now: string,
): NonNullable<Route['status']>['parents'] {
  const known = route.status?.parents ?? [];
  const foreign = known.filter((each) => each.controllerName !== controllerName);
  const ours = parents.map(({ parentRef, findings }) => {
    const before = known.find(
      (each) => each.controllerName === controllerName && same(each.parentRef, parentRef),
    );
    const at = { generation: route.metadata.generation, now };
    return { parentRef, controllerName, conditions: settle(before?.conditions, findings, at) };
  });
  return [...foreign, ...ours];
}

/** So many Gateways a policy tells of, by its definition. */
const mostAncestors = 16;

/** The Gateways of a policy after what is found of ours; those of other controllers stay as they are. */
export function policyAncestors({ policy, findings, gateways }: PolicyPlan, now: string): PolicyAncestor[] {
  const known = policy.status?.ancestors ?? [];
  const foreign = known.filter((each) => each.controllerName !== controllerName);
  const ours = gateways.map(({ metadata }) => {
    const ancestorRef = ancestorOf(metadata.namespace, metadata.name);
    const before = known.find(
      (each) => each.controllerName === controllerName && same(each.ancestorRef, ancestorRef),
    );
    const at = { generation: policy.metadata.generation, now };
    return { ancestorRef, controllerName, conditions: settle(before?.conditions, findings, at) };
  });
  return [...foreign, ...ours].slice(0, mostAncestors);
}
