import type { FakeElb } from './fakeElb.ts';
import { type Acts, type Balancer, failure } from './fakeElbParts.ts';

/** One for HTTP is in two zones at least; here every subnet is in a zone of its own. */
function checkZones(type: unknown, subnets: unknown): void {
  if (type === 'application' && new Set(subnets as string[]).size < 2) throw failure('ValidationError');
}

/** Load balancers, their attributes and the tags of everything. */
export const balancerActs = (elb: FakeElb): Acts => ({
  DescribeLoadBalancers: ({ Names }) => {
    const wanted = Names as string[] | undefined;
    const LoadBalancers = [...elb.balancers.values()].filter(
      (b) => !wanted || wanted.includes(b.LoadBalancerName),
    );
    if (wanted && LoadBalancers.length === 0) throw failure('LoadBalancerNotFoundException');
    return { LoadBalancers };
  },
  CreateLoadBalancer: (input) => {
    const name = input.Name as string;
    if (name.length > 32) throw failure('ValidationError');
    checkZones(input.Type, input.Subnets);
    if ([...elb.balancers.values()].some((b) => b.LoadBalancerName === name))
      throw failure('DuplicateLoadBalancerNameException');
    const balancer: Balancer = {
      LoadBalancerArn: elb.arn(`loadbalancer/${input.Type === 'network' ? 'net' : 'app'}`, name),
      LoadBalancerName: name,
      DNSName: `${name}-${elb.count}.elb.us-east-1.amazonaws.com`,
      Scheme: input.Scheme as string,
      Type: input.Type as string,
      VpcId: 'vpc-1',
      State: { Code: elb.state },
      SecurityGroups: input.SecurityGroups as string[],
      AvailabilityZones:
        (input.SubnetMappings as { SubnetId: string }[] | undefined) ??
        (input.Subnets as string[]).map((SubnetId) => ({ SubnetId })),
    };
    elb.balancers.set(balancer.LoadBalancerArn, balancer);
    elb.setTags(balancer.LoadBalancerArn, input.Tags);
    return { LoadBalancers: [balancer] };
  },
  DeleteLoadBalancer: ({ LoadBalancerArn }) => {
    const balancer = elb.balancers.get(LoadBalancerArn as string);
    for (const [arn, l] of elb.listeners) if (l.LoadBalancerArn === LoadBalancerArn) elb.forget(arn);
    if (elb.interfacesLinger) for (const id of balancer?.SecurityGroups ?? []) elb.lingering.add(id);
    elb.balancers.delete(LoadBalancerArn as string);
    return undefined;
  },
  SetSubnets: ({ LoadBalancerArn, Subnets }) => {
    const balancer = elb.balancers.get(LoadBalancerArn as string)!;
    checkZones(balancer.Type, Subnets);
    balancer.AvailabilityZones = (Subnets as string[]).map((SubnetId) => ({ SubnetId }));
    return undefined;
  },
  SetSecurityGroups: ({ LoadBalancerArn, SecurityGroups }) => {
    elb.balancers.get(LoadBalancerArn as string)!.SecurityGroups = SecurityGroups as string[];
    return undefined;
  },
  ModifyLoadBalancerAttributes: ({ LoadBalancerArn, Attributes }) => elb.modify(LoadBalancerArn, Attributes),
  AddTags: ({ ResourceArns, Tags }) => {
    for (const arn of ResourceArns as string[]) elb.setTags(arn, Tags);
    return undefined;
  },
  DescribeTags: ({ ResourceArns }) => {
    const arns = ResourceArns as string[];
    if (arns.length > 20) throw failure('ValidationError');
    return {
      TagDescriptions: arns.map((ResourceArn) => ({
        ResourceArn,
        Tags: Object.entries(elb.tags.get(ResourceArn) ?? {}).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
});
