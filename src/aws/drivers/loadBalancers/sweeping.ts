import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import { pages } from '../pages.ts';
import { refOf, tagMap, tags } from '../tags.ts';
import type { Api } from './api.ts';
import { kindTag, type Owner } from './desired.ts';
import { mayBeOurs } from './names.ts';
import { loadBalancerOf, tagsByArn, targetGroupsOf } from './observe.ts';
import type { ObservedLoadBalancer } from './stack.ts';

/** Finding what a deployment holds, by tags: for what is left when no Service tells of it any more. */

/** Every object of the kind that holds something. */
export async function listOwners(api: Api, place: Owner, kind: 'Service' | 'Ingress'): Promise<ServiceRef[]> {
  const [balancers, groups, securityGroups] = await Promise.all([
    ownedLoadBalancers(api, place),
    ownedTargetGroups(api, place),
    ownedSecurityGroups(api, place),
  ]);
  const all = [...balancers.map((b) => b.tags), ...[...groups, ...securityGroups].map((g) => g.values)];
  const refs = all
    .filter((values) => (values[kindTag] ?? 'Service') === kind)
    .flatMap((values) => refOf(place.deployment, values) ?? []);
  return [...new Map(refs.map((ref) => [`${ref.cluster}/${ref.uid}`, ref])).values()];
}

/** The deployment's load balancers, shared ones too. A user may have named them, so all are asked for their tags. */
export async function ownedLoadBalancers(api: Api, { deployment }: Owner): Promise<ObservedLoadBalancer[]> {
  const found = await pages(async (Marker) => {
    const request = new DescribeLoadBalancersCommand({ Marker });
    const { LoadBalancers = [], NextMarker } = await api.send('DescribeLoadBalancers', () =>
      api.elb.send(request),
    );
    return { items: LoadBalancers, next: NextMarker };
  });
  const values = await tagsByArn(
    api,
    found.map(({ LoadBalancerArn = '' }) => LoadBalancerArn),
  );
  return found
    .map((balancer) => loadBalancerOf(balancer, values.get(balancer.LoadBalancerArn ?? '') ?? {}))
    .filter((b) => b.tags[tags.deployment] === deployment && b.tags[tags.cluster]);
}

export async function ownedTargetGroups(api: Api, { deployment }: Owner) {
  const groups = (await targetGroupsOf(api)).filter(({ TargetGroupName = '' }) => mayBeOurs(TargetGroupName));
  const values = await tagsByArn(
    api,
    groups.map(({ TargetGroupArn = '' }) => TargetGroupArn),
  );
  return groups
    .map(({ TargetGroupArn: arn = '' }) => ({ arn, values: values.get(arn) ?? {} }))
    .filter((group) => group.values[tags.deployment] === deployment);
}

export async function ownedSecurityGroups(api: Api, { deployment, vpc }: Owner) {
  const Filters = [
    { Name: 'vpc-id', Values: [vpc] },
    { Name: `tag:${tags.deployment}`, Values: [deployment] },
    { Name: `tag-key`, Values: [tags.cluster] },
  ];
  const found = await pages(async (NextToken) => {
    const request = new DescribeSecurityGroupsCommand({ Filters, NextToken });
    const { SecurityGroups = [], ...answer } = await api.send('DescribeSecurityGroups', () =>
      api.ec2.send(request),
    );
    return { items: SecurityGroups, next: answer.NextToken };
  });
  return found.map(({ GroupId: id = '', Tags }) => ({ id, values: tagMap(Tags) }));
}
