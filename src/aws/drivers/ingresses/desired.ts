import type { IngressMember, IngressRef } from '../../../shared/ports/cloud.ts';
import { kindTag, type Place, settingsTag } from '../loadBalancers/desired.ts';
import { fingerprint, loadBalancerName, serviceHash, webTargetGroupName } from '../loadBalancers/names.ts';
import type { Rule, TargetGroupSpec } from '../loadBalancers/stack.ts';
import { tags } from '../tags.ts';
import type { BackendAction } from './actions.ts';
import { backendHash, backendTag } from './backendNames.ts';
import type { Certificates } from './discovery.ts';
import { type Joined, join, type Member } from './members.ts';
import type { Merged, MergedListener } from './merge.ts';
import { patienceFor, type WaitingRoom, waitingRooms, withRooms } from './sleeping.ts';
import type { RuleAction, WebListener, WebStack } from './stack.ts';
import { targetsAt } from './targets.ts';

/** Where load balancers of Ingresses stand. */
export interface WebPlace extends Place {
  /** ARN of the function in which requests wait. Absent: none does. */
  activator?: string;
}

/** Returns what an Ingress, or a group of them, wants; nothing when none of them can be had. Pure. */
export function desiredStack(
  place: WebPlace,
  ref: IngressRef,
  all: IngressMember[],
  certificates: Certificates,
): { wanted?: WebStack; refused: Joined['refused'] } {
  const { members, merged, refused } = join(all, certificates);
  return merged ? { wanted: stackOf(place, ref, members, merged), refused } : { refused };
}

function stackOf(place: WebPlace, ref: IngressRef, members: Member[], merged: Merged): WebStack {
  const owner = serviceHash(place.deployment, ref);
  const name = merged.name ?? loadBalancerName(place.deployment, ref, merged.scheme);
  const own = {
    [tags.deployment]: place.deployment,
    [tags.cluster]: ref.cluster,
    [tags.namespace]: ref.namespace,
    [tags.name]: ref.name,
    [tags.uid]: ref.uid,
    [kindTag]: 'Ingress',
  };
  // A target group belongs to one load balancer, so that another one needs others.
  const groupOf = ({ label, backends }: Member, service: string, port: string | number) => {
    const protocol = backends.find((b) => b.service === service && b.port === port)?.settings.protocol;
    const parts = [name, merged.scheme, label, service, String(port), protocol ?? ''];
    return webTargetGroupName(owner, parts);
  };
  const rooms = waitingRooms(place.activator, owner, members, groupOf, own);
  const listeners = merged.listeners.map((listener) => listenerOf(listener, groupOf, rooms));
  const attributes = { ...patienceFor(rooms), ...merged.attributes };
  const used = new Set(listeners.flatMap(targetGroupsIn));
  const furtherCertificates = listeners.map(({ certificates }) => certificates.slice(1));
  return {
    loadBalancer: {
      name,
      type: 'application',
      scheme: merged.scheme,
      subnets: merged.subnets.length > 0 ? merged.subnets : place.subnets,
      allocations: [],
      securityGroups: [place.securityGroup, ...merged.securityGroups],
      attributes,
      tags: { ...merged.tags, ...own, [settingsTag]: fingerprint([attributes, furtherCertificates]) },
    },
    targetGroups: members
      .flatMap((member): TargetGroupSpec[] =>
        member.backends.map(
          ({ service, port, endpoints, settings }): TargetGroupSpec => ({
            name: groupOf(member, service, port),
            protocol: settings.protocol,
            // Each target is registered with its own.
            port: 80,
            health: settings.health,
            attributes: settings.attributes,
            tags: {
              ...settings.tags,
              ...own,
              [backendTag]: backendHash(member.label, service, port),
              [settingsTag]: fingerprint(settings.attributes),
            },
            targets: targetsAt(endpoints),
          }),
        ),
      )
      .concat([...rooms.values()].map(({ group }) => group))
      // A redirect may hide all that leads to one.
      .filter((group) => used.has(group.name)),
    listeners,
    ...(merged.securityGroups.length === 0 && { rules: allowed(merged, owner) }),
  };
}

/** Returns the name of the target group for a Service port of an Ingress. */
export type GroupOf = (member: Member, service: string, port: string | number) => string;

function listenerOf(
  { sourceRanges: _, ...listener }: MergedListener,
  groupOf: GroupOf,
  rooms: ReadonlyMap<string, WaitingRoom>,
): WebListener {
  const to = (action: BackendAction, of: Member | undefined): RuleAction => {
    if (!('forward' in action)) return action;
    const forward = action.forward.map(({ target, weight }) => ({
      target: 'arn' in target ? target.arn : groupOf(of!, target.service, target.port),
      weight,
    }));
    return withRooms({ ...action, forward }, rooms);
  };
  return {
    ...listener,
    otherwise: to(listener.otherwise.action, listener.otherwise.of),
    rules: listener.rules.map(({ conditions, action, of }) => ({ conditions, action: to(action, of) })),
  };
}

const targetGroupsIn = ({ otherwise, rules }: WebListener): string[] =>
  [otherwise, ...rules.map(({ action }) => action)].flatMap((action) =>
    'forward' in action ? action.forward.map(({ target }) => target) : [],
  );

const allowed = ({ listeners }: Merged, owner: string): Rule[] =>
  listeners.flatMap(({ port, sourceRanges }) =>
    sourceRanges.map((cidr): Rule => ({ protocol: 'tcp', port, cidr, description: owner })),
  );
