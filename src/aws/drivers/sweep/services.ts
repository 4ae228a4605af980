import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import type { SecretVault } from '../../../shared/ports/cloud.ts';
import type { Api } from '../loadBalancers/api.ts';
import { deleteLoadBalancer, deleteTargetGroup } from '../loadBalancers/deleting.ts';
import type { Owner } from '../loadBalancers/desired.ts';
import { removeSecurityGroups } from '../loadBalancers/remove.ts';
import { ownedLoadBalancers, ownedTargetGroups } from '../loadBalancers/sweeping.ts';
import type { Api as NamesApi } from '../names/api.ts';
import { clearZone } from '../names/clear.ts';
import { pages } from '../pages.ts';
import { type AccessPoints, deletePoint, madePoints } from '../volumes/points.ts';
import { each, type Stage } from './index.ts';

/** Load balancers with their listeners. */
export const balancerStage = (api: Api, place: Owner): Stage => ({
  name: 'load balancers',
  run: async (enough) =>
    each(await ownedLoadBalancers(api, place), enough, ({ arn }) => deleteLoadBalancer(api, arn)),
});

/** In use for a moment after their listeners are gone. */
export const targetGroupStage = (api: Api, place: Owner): Stage => ({
  name: 'target groups',
  run: async (enough) =>
    each(await ownedTargetGroups(api, place), enough, ({ arn }) => deleteTargetGroup(api, arn)),
});

/** Those of load balancers outlive them by some minutes, in the subnets and with the group of the deployment. */
export const interfaceStage = ({ ec2, send }: Api, securityGroup: string): Stage => ({
  name: 'network interfaces',
  async run() {
    const Filters = [{ Name: 'group-id', Values: [securityGroup] }];
    const found = await pages(async (NextToken) => {
      const request = new DescribeNetworkInterfacesCommand({ Filters, NextToken });
      const answer = await send('DescribeNetworkInterfaces', () => ec2.send(request));
      return { items: answer.NetworkInterfaces ?? [], next: answer.NextToken };
    });
    return found.length;
  },
});

/** Held by network interfaces for some minutes after their load balancer is gone. */
export const securityGroupStage = (api: Api, place: Owner): Stage => ({
  name: 'security groups',
  run: () => removeSecurityGroups(api, place, () => true),
});

/** All but what a zone cannot be without: it goes with the deployment, once it is empty. */
export const nameStage = (names: NamesApi): Stage => ({
  name: 'names',
  async run() {
    await clearZone(names);
    return 0;
  },
});

export const secretStage = (vault: SecretVault): Stage => ({
  name: 'secrets',
  run: async (enough) => each(await vault.list(), enough, (ref) => vault.remove(ref)),
});

/** Access points of EFS. What was written through them stays: file systems are not of the deployment. */
export const volumeStage = (points: AccessPoints): Stage => ({
  name: 'volumes',
  run: async (enough) => each(await madePoints(points), enough, ({ id }) => deletePoint(points, id)),
});
