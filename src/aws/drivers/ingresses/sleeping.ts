import { afterAnnotation, asleepAnnotation } from '../../../shared/ports/demand.ts';
import { settingsTag } from '../loadBalancers/desired.ts';
import { fingerprint, functionTargetGroupName } from '../loadBalancers/names.ts';
import type { HealthCheck, TargetGroupSpec } from '../loadBalancers/stack.ts';
import type { Forward } from './actions.ts';
import { backendHash, usualIdleSeconds, waitingTag } from './backendNames.ts';
import type { Member } from './members.ts';

/** Where requests for a Service port go while they are to wait, and whether they are to. */
export interface WaitingRoom {
  group: TargetGroupSpec;
  isAsleep: boolean;
}

/** Query and headers as they came, each as often as it came. */
const attributes = { 'lambda.multi_value_headers.enabled': 'true' };
const noHealth: HealthCheck = {
  protocol: 'HTTP',
  port: '',
  interval: 0,
  timeout: 0,
  healthyThreshold: 0,
  unhealthyThreshold: 0,
};

/**
 * Returns the rooms by the names of the Pods' target groups: one for each Service port that may sleep, whether it does or not. So
 * falling asleep and waking change weights only, and no node of a load balancer is left with a target group that is gone.
 */
export function waitingRooms(
  activator: string | undefined,
  owner: string,
  members: Member[],
  groupOf: (member: Member, service: string, port: string | number) => string,
  tags: Record<string, string>,
): Map<string, WaitingRoom> {
  if (!activator) return new Map();
  return new Map(
    members.flatMap((member) => {
      const { label, backends } = member;
      return backends
        .filter((backend) => maySleep(member, backend))
        .map(({ service, port, annotations = {} }): [string, WaitingRoom] => [
          groupOf(member, service, port),
          {
            isAsleep: annotations[asleepAnnotation] !== undefined,
            group: {
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
              targets: [{ address: activator, port: 0 }],
            },
          },
        ]);
    }),
  );
}

/** ELBv2 refuses a second target group beside one whose targets are sticky, unless the rule's groups are sticky too. */
const maySleep = ({ ingress }: Member, { annotations = {}, settings }: Member['backends'][number]): boolean =>
  settings.attributes['stickiness.enabled'] !== 'true' &&
  [
    ingress.metadata.annotations?.[afterAnnotation],
    annotations[afterAnnotation],
    annotations[asleepAnnotation],
  ].some((value) => value !== undefined);

/** Returns what lets requests wait as long as a Pod may take to start, where a Service may sleep. */
export const patienceFor = (rooms: ReadonlyMap<string, WaitingRoom>): Record<string, string> =>
  rooms.size > 0 ? { 'idle_timeout.timeout_seconds': usualIdleSeconds } : {};

/** The limit of ELBv2. */
const mostTargets = 5;

/**
 * Leads to the waiting room of what sleeps, and keeps the Pods' target groups beside it at weight 0: ELBv2 goes on to check their
 * targets, so that they are healthy before requests come to them again. What keeps clients with their target group, or has too
 * many, is left as it is.
 */
export function withRooms(
  forward: Forward<string>,
  rooms: ReadonlyMap<string, WaitingRoom>,
): Forward<string> {
  const targets = forward.forward.flatMap((each) => {
    const room = rooms.get(each.target);
    if (!room) return [each];
    const { group, isAsleep } = room;
    const [pods, waiting] = isAsleep ? [0, each.weight] : [each.weight, 0];
    return [
      { target: each.target, weight: pods },
      { target: group.name, weight: waiting },
    ];
  });
  const isPossible = targets.length <= mostTargets && forward.stickySeconds === undefined;
  return isPossible ? { ...forward, forward: targets } : forward;
}
