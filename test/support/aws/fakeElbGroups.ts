import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { FakeElb } from './fakeElb.ts';
import { type Acts, failure, type Group } from './fakeElbParts.ts';

/** After which a target that left is not told of any more: deregistration_delay.timeout_seconds. */
const forgottenMs = 120_000;

/** Target groups and what is registered in them. */
export const groupActs = (elb: FakeElb): Acts => ({
  ModifyTargetGroupAttributes: ({ TargetGroupArn, Attributes }) => {
    const { Protocol } = elb.group(TargetGroupArn) as { Protocol?: string };
    for (const { Key, Value } of Attributes as { Key: string; Value: string }[])
      if (
        (Key === 'preserve_client_ip.enabled' && Value === 'false' && Protocol?.includes('UDP')) ||
        (Key === 'stickiness.enabled' && Value === 'true' && Protocol === 'TLS')
      )
        throw failure('InvalidConfigurationRequestException');
    return elb.modify(TargetGroupArn, Attributes);
  },
  DescribeTargetGroups: ({ LoadBalancerArn, Names }) => ({
    TargetGroups: [...elb.groups.values()]
      .map(({ targets: _, turn: __, ...group }) => ({
        ...group,
        LoadBalancerArns: elb.inUse(group.TargetGroupArn),
      }))
      .filter((g) => !LoadBalancerArn || g.LoadBalancerArns.includes(LoadBalancerArn as string))
      .filter((g) => !Names || (Names as string[]).includes(g.TargetGroupName)),
  }),
  CreateTargetGroup: ({ Tags, ...input }) => {
    const name = input.Name as string;
    if (name.length > 32) throw failure('ValidationError');
    if ([...elb.groups.values()].some((g) => g.TargetGroupName === name))
      throw failure('DuplicateTargetGroupNameException');
    // A function has neither protocol nor port.
    if (input.TargetType === 'lambda' && (input.Protocol || input.Port || input.VpcId))
      throw failure('ValidationError');
    const group: Group = {
      ...input,
      TargetGroupName: name,
      TargetGroupArn: elb.arn('targetgroup', name),
      targets: new Map(),
      turn: 0,
    };
    elb.groups.set(group.TargetGroupArn, group);
    elb.setTags(group.TargetGroupArn, Tags);
    return { TargetGroups: [{ TargetGroupArn: group.TargetGroupArn }] };
  },
  ModifyTargetGroup: ({ TargetGroupArn, ...more }) => {
    Object.assign(elb.group(TargetGroupArn), more);
    return undefined;
  },
  DeleteTargetGroup: ({ TargetGroupArn }) => {
    if (elb.inUse(TargetGroupArn as string).length > 0) throw failure('ResourceInUseException');
    elb.groups.delete(TargetGroupArn as string);
    return undefined;
  },
  RegisterTargets: ({ TargetGroupArn, Targets }) => {
    const { targets, Protocol = '' } = elb.group(TargetGroupArn);
    const tail = Protocol.startsWith('HTTP') ? 'webTailMs' : 'tailMs';
    for (const target of Targets as TargetDescription[]) {
      const known = targets.get(`${target.Id}:${target.Port}`);
      if (known && known.leftAt === undefined) continue;
      // Nobody checks a function.
      const healthyAt = elb.now() + (target.Port ? (elb.timing?.initialMs() ?? 0) : 0);
      targets.set(`${target.Id}:${target.Port}`, { target, healthyAt, tailMs: elb.timing?.[tail]() ?? 0 });
    }
    return undefined;
  },
  DeregisterTargets: ({ TargetGroupArn, Targets }) => {
    for (const { Id, Port } of Targets as TargetDescription[]) {
      const known = elb.group(TargetGroupArn).targets.get(`${Id}:${Port}`);
      if (known) known.leftAt ??= elb.now();
    }
    return undefined;
  },
  DescribeTargetHealth: ({ TargetGroupArn }) => ({
    TargetHealthDescriptions: [...elb.group(TargetGroupArn).targets.values()]
      .filter(({ leftAt = Number.POSITIVE_INFINITY }) => !(leftAt + forgottenMs <= elb.now()))
      .map((each) => ({ Target: each.target, TargetHealth: { State: elb.stateOf(each) } })),
  }),
});
