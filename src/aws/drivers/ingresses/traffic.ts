import type { Api } from '../loadBalancers/api.ts';
import { isTargetGroupOf } from '../loadBalancers/names.ts';
import { again, tagsByArn, targetGroupsOf } from '../loadBalancers/observe.ts';
import { backendTag, waitingTag } from './backendNames.ts';
import { observeListeners } from './observe.ts';
import type { RuleAction } from './stack.ts';

/** How requests for some Service ports of an Ingress, or of a group, go now. */
export interface Traffic {
  /** Whether a rule leads to Pods. */
  leadsToPods: boolean;
  /** Whether a rule leads to where requests wait. */
  leadsToWaiting: boolean;
  /** ARNs of all target groups by which requests come or came, with those of their load balancers. */
  groups: { targetGroup: string; loadBalancer: string }[];
}

/** Looks at the rules around the Service ports with these hashes; `owner` is the hash of the place in names. */
export const trafficOf = (api: Api, owner: string, hashes: ReadonlySet<string>): Promise<Traffic> =>
  again(async () => {
    const own = (await targetGroupsOf(api)).filter(({ TargetGroupName = '' }) =>
      isTargetGroupOf(owner, TargetGroupName),
    );
    const tags = await tagsByArn(
      api,
      own.map(({ TargetGroupArn = '' }) => TargetGroupArn),
    );
    const tagged = (tag: string) =>
      own.filter(({ TargetGroupArn = '' }) => hashes.has(tags.get(TargetGroupArn)?.[tag] ?? ''));
    const [pods, waiting] = [tagged(backendTag), tagged(waitingTag)];
    const led = new Set<string>();
    for (const arn of new Set(pods.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns)))
      for (const { otherwise, rules } of await observeListeners(api, arn, (group) => group))
        for (const action of [otherwise, ...rules.map(({ rule }) => rule?.action)])
          for (const target of targetsOf(action)) led.add(target);
    const isLed = ({ TargetGroupArn = '' }) => led.has(TargetGroupArn);
    return {
      leadsToPods: pods.some(isLed),
      leadsToWaiting: waiting.some(isLed),
      groups: [...pods, ...waiting].flatMap(({ TargetGroupArn: targetGroup = '', LoadBalancerArns = [] }) =>
        LoadBalancerArns.map((loadBalancer) => ({ targetGroup, loadBalancer })),
      ),
    };
  });

const targetsOf = (action: RuleAction | undefined): string[] =>
  action && 'forward' in action
    ? action.forward.flatMap(({ target, weight }) => (weight > 0 ? [target] : []))
    : [];
