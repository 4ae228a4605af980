import type { IpPermission } from '@aws-sdk/client-ec2';
import { networkOf } from '../../../src/aws/drivers/loadBalancers/cidr.ts';
import type { FakeElb } from './fakeElb.ts';
import { type Acts, failure, type SecurityGroup } from './fakeElbParts.ts';

/** Of a security group. */
const mostInbound = 60;

/** As EC2 keeps a permission with one range. */
const canonical = ({ IpRanges = [], Ipv6Ranges = [], ...permission }: IpPermission): IpPermission => ({
  ...permission,
  IpRanges: IpRanges.map((range) => ({ ...range, CidrIp: networkOf(range.CidrIp ?? '') })),
  Ipv6Ranges: Ipv6Ranges.map((range) => ({ ...range, CidrIpv6: networkOf(range.CidrIpv6 ?? '') })),
});

/** What makes two of them the same rule: not their descriptions. */
const sameRuleText = ({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges }: IpPermission): string =>
  JSON.stringify([IpProtocol, FromPort, ToPort, IpRanges?.[0]?.CidrIp, Ipv6Ranges?.[0]?.CidrIpv6]);

/** Security groups of EC2, and network interfaces that hold them. */
export const securityGroupActs = (elb: FakeElb): Acts => ({
  CreateSecurityGroup: ({ GroupName, VpcId, TagSpecifications }) => {
    if ([...elb.securityGroups.values()].some((g) => g.GroupName === GroupName && g.VpcId === VpcId))
      throw failure('InvalidGroup.Duplicate');
    const GroupId = `sg-${++elb.count}`;
    const Tags = (TagSpecifications as { Tags: SecurityGroup['Tags'] }[])[0]!.Tags;
    elb.securityGroups.set(GroupId, {
      GroupId,
      GroupName: GroupName as string,
      VpcId: VpcId as string,
      Tags,
      rules: [],
    });
    return { GroupId };
  },
  DescribeNetworkInterfaces: ({ Filters }) => ({
    NetworkInterfaces: (Filters as { Values: string[] }[])[0]!.Values.filter((id) =>
      elb.lingering.has(id),
    ).map((GroupId) => ({ Groups: [{ GroupId }] })),
  }),
  DescribeSecurityGroups: ({ Filters }) => ({
    SecurityGroups: (elb.hidden-- > 0 ? [] : [...elb.securityGroups.values()])
      .filter((group) =>
        (Filters as { Name: string; Values: string[] }[]).every(({ Name, Values }) => {
          if (Name === 'vpc-id') return Values.includes(group.VpcId);
          if (Name === 'group-name') return Values.includes(group.GroupName);
          if (Name === 'tag-key') return group.Tags.some(({ Key }) => Values.includes(Key));
          return group.Tags.some(({ Key, Value }) => `tag:${Key}` === Name && Values.includes(Value));
        }),
      )
      .map(({ rules, ...group }) => ({ ...group, IpPermissions: rules })),
  }),
  AuthorizeSecurityGroupIngress: ({ GroupId, IpPermissions }) => {
    const { rules } = elb.securityGroups.get(GroupId as string)!;
    const more = (IpPermissions as IpPermission[]).map(canonical);
    const asked = more.map(sameRuleText);
    if (new Set(asked).size < asked.length) throw failure('InvalidParameterValue');
    if (rules.some((rule) => asked.includes(sameRuleText(rule))))
      throw failure('InvalidPermission.Duplicate');
    if (rules.length + more.length > mostInbound) throw failure('RulesPerSecurityGroupLimitExceeded');
    rules.push(...more);
    return undefined;
  },
  RevokeSecurityGroupIngress: ({ GroupId, IpPermissions }) => {
    const group = elb.securityGroups.get(GroupId as string)!;
    const gone = (IpPermissions as IpPermission[]).map(canonical).map(sameRuleText);
    group.rules = group.rules.filter((rule) => !gone.includes(sameRuleText(rule)));
    return undefined;
  },
  DeleteSecurityGroup: ({ GroupId }) => {
    const used = [...elb.balancers.values()].some((b) => b.SecurityGroups.includes(GroupId as string));
    if (used || elb.lingering.has(GroupId as string)) throw failure('DependencyViolation');
    elb.securityGroups.delete(GroupId as string);
    return undefined;
  },
});
