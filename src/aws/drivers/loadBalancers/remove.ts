import { DeleteSecurityGroupCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import { isCode } from '../errors.ts';
import { tags } from '../tags.ts';
import type { Api } from './api.ts';
import { deleteListener, deleteLoadBalancer, deleteTargetGroup, ignoring } from './deleting.ts';
import { type Owner, sharedTag } from './desired.ts';
import { isTargetGroupOf, serviceHash } from './names.ts';
import { listenersOf, securityGroupNamed, targetGroupsOf } from './observe.ts';
import { rulesRequest } from './requests.ts';
import type { ObservedLoadBalancer } from './stack.ts';
import { ownedLoadBalancers, ownedSecurityGroups } from './sweeping.ts';

/**
 * Frees everything that a Service holds, or all but what it has at `keep`: listeners, then target groups, then load
 * balancers that nothing uses any more. Their network interfaces hold a security group for a few minutes longer; it
 * then goes with a later sweep, so that nobody waits for it.
 */
export async function removeStack(api: Api, place: Owner, ref: ServiceRef, keep?: string): Promise<void> {
  const { deployment, vpc } = place;
  const owner = serviceHash(deployment, ref);
  // The UID of a group of Ingresses is one in its logical cluster only.
  const isOwn = (values: Record<string, string>) =>
    values[tags.uid] === ref.uid && values[tags.cluster] === ref.cluster;
  const [allGroups, balancers] = await Promise.all([targetGroupsOf(api), ownedLoadBalancers(api, place)]);
  const groups = allGroups.filter(
    ({ TargetGroupName = '', LoadBalancerArns = [] }) =>
      isTargetGroupOf(owner, TargetGroupName) && !(keep && LoadBalancerArns.includes(keep)),
  );
  const arns = new Set(groups.map(({ TargetGroupArn = '' }) => TargetGroupArn));
  for (const balancer of balancers) {
    const own = isOwn(balancer.tags);
    if (balancer.arn === keep || !(own || Object.hasOwn(balancer.tags, sharedTag))) continue;
    const listeners = await listenersOf(api, balancer.arn);
    const mine = listeners.filter((l) => own || arns.has(l.targetGroupArn));
    for (const listener of mine) await deleteListener(api, listener.arn);
    if (mine.length === listeners.length) await deleteLoadBalancer(api, balancer.arn);
    else if (mine.length > 0) await revokeRules(api, vpc, balancer, owner);
  }
  for (const arn of arns) await deleteTargetGroup(api, arn);
  await removeSecurityGroups(api, place, (v) => isOwn(v) || Object.hasOwn(v, sharedTag));
}

/** Those that no load balancer has any more, as far as AWS lets go of them already. Answers how many are left. */
export async function removeSecurityGroups(
  api: Api,
  place: Owner,
  mine: (values: Record<string, string>) => boolean,
): Promise<number> {
  const [balancers, groups] = await Promise.all([
    ownedLoadBalancers(api, place),
    ownedSecurityGroups(api, place),
  ]);
  const used = new Set(balancers.flatMap(({ securityGroups }) => securityGroups));
  let left = 0;
  for (const { id } of groups.filter((g) => mine(g.values) && !used.has(g.id))) {
    try {
      const request = new DeleteSecurityGroupCommand({ GroupId: id });
      await ignoring(
        'InvalidGroup.NotFound',
        api.send('DeleteSecurityGroup', () => api.ec2.send(request)),
      );
    } catch (error) {
      if (!isCode((error as Error).cause, 'DependencyViolation')) throw error;
      left++;
    }
  }
  return left;
}

async function revokeRules(
  api: Api,
  vpc: string,
  { name }: ObservedLoadBalancer,
  owner: string,
): Promise<void> {
  const group = await securityGroupNamed(api, vpc, name);
  const rules = group?.rules.filter(({ description }) => description === owner) ?? [];
  if (!group || rules.length === 0) return;
  const request = new RevokeSecurityGroupIngressCommand(rulesRequest(group.id, rules));
  await ignoring(
    'InvalidPermission.NotFound',
    api.send('RevokeSecurityGroupIngress', () => api.ec2.send(request)),
  );
}
