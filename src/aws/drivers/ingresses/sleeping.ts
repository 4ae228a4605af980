import { afterAnnotation, asleepAnnotation } from '../../../shared/ports/demand.ts';
import { settingsTag } from '../loadBalancers/desired.ts';
import { fingerprint, functionTargetGroupName } from '../loadBalancers/names.ts';
import type { HealthCheck, TargetGroupSpec } from '../loadBalancers/stack.ts';
import type { Forward } from './actions.ts';
import type { Member } from './members.ts';
import { backendHash } from './targets.ts';

/** Says of a target group for which port of which Service of which Ingress requests wait in its function. */
export const waitingTag = 'shallop.dev/waiting';

/** Query and headers as they came, each as often as it came. */
const attributes = { 'lambda.multi_value_headers.enabled': 'true' };
/** How long a load balancer waits for an answer, unless an Ingress says otherwise. */
export const usualIdleSeconds = '180';

const noHealth: HealthCheck = {
  protocol: 'HTTP',
  port: '',
  interval: 0,
  timeout: 0,
  healthyThreshold: 0,
  unhealthyThreshold: 0,
};

/** Returns whether requests for the backend are to wait. */
export const isAsleep = ({ annotations = {} }: { annotations?: Record<string, string> }): boolean =>
  annotations[asleepAnnotation] !== undefined;

/** A target group for each Service port that sleeps, with the function in which its requests wait. */
export const waitingGroups = (
  activator: string | undefined,
  owner: string,
  members: Member[],
  tags: Record<string, string>,
): TargetGroupSpec[] =>
  (activator ? sleeping(members) : []).map(({ label, service, port }) => ({
    name: functionTargetGroupName(owner, label, service, String(port)),
    isFunction: true,
    protocol: 'HTTP',
    port: 0,
    health: noHealth,
    attributes,
    tags: {
      ...tags,
      [waitingTag]: backendHash(label, service, port),
      [settingsTag]: fingerprint(attributes),
    },
    targets: [{ address: activator ?? '', port: 0 }],
  }));

/** By the names of the Pods' target groups: those where requests wait instead. */
export function waitingBy(
  groups: TargetGroupSpec[],
  members: Member[],
  groupOf: (member: Member, service: string, port: string | number) => string,
): Map<string, string> {
  const waiting = new Map(groups.map(({ name, tags }) => [tags[waitingTag], name]));
  const pairs = sleeping(members).map(({ member, label, service, port }): [string, string | undefined] => [
    groupOf(member, service, port),
    waiting.get(backendHash(label, service, port)),
  ]);
  return new Map(pairs.flatMap(([pods, name]) => (name === undefined ? [] : [[pods, name] as const])));
}

const sleeping = (members: Member[]) =>
  members.flatMap((member) =>
    member.backends
      .filter(isAsleep)
      .map(({ service, port }) => ({ member, label: member.label, service, port })),
  );

/** Returns what lets requests wait as long as a Pod may take to start, where one of the Services may sleep. */
export const patienceFor = (members: Member[]): Record<string, string> => {
  const asks = ({ ingress, backends }: Member) =>
    [ingress.metadata, ...backends].some(({ annotations }) => annotations?.[afterAnnotation] !== undefined);
  return members.some(asks) ? { 'idle_timeout.timeout_seconds': usualIdleSeconds } : {};
};

/** The limit of ELBv2. */
const mostTargets = 5;

/**
 * Leads to where requests wait instead of where they are answered. The Pods' target groups stay beside it at weight 0: so
 * ELBv2 goes on to check their targets, and they are healthy before requests come to them again. What keeps clients with their target
 * group, or has too many, is left as it is.
 */
export function asSleeping(
  forward: Forward<string>,
  waitingFor: ReadonlyMap<string, string>,
): Forward<string> {
  const targets = forward.forward.flatMap((each) => {
    const waiting = waitingFor.get(each.target);
    return waiting === undefined
      ? [each]
      : [
          { ...each, weight: 0 },
          { target: waiting, weight: each.weight },
        ];
  });
  const isPossible = targets.length <= mostTargets && forward.stickySeconds === undefined;
  return isPossible ? { ...forward, forward: targets } : forward;
}
