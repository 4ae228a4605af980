import type {
  AuthorizeSecurityGroupIngressCommandInput,
  CreateSecurityGroupCommandInput,
  IpPermission,
} from '@aws-sdk/client-ec2';
import type {
  CreateListenerCommandInput,
  CreateLoadBalancerCommandInput,
  CreateTargetGroupCommandInput,
  ModifyListenerCommandInput,
  ModifyTargetGroupCommandInput,
  RegisterTargetsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { chunks } from '../pages.ts';
import { tagList } from '../tags.ts';
import { settingsTag } from './desired.ts';
import { securityGroupName } from './names.ts';
import type { HealthCheck, ListenerSpec, LoadBalancerSpec, Rule, Target, TargetGroupSpec } from './stack.ts';

/** Pure: from what is wanted to what ELBv2 and EC2 are asked. */

/** A load balancer without a security group at its creation never gets one: there is always at least ours. */
export function createLoadBalancerRequest(
  spec: LoadBalancerSpec,
  securityGroups: string[],
): CreateLoadBalancerCommandInput {
  const { name, type, scheme, tags } = spec;
  return {
    Name: name,
    Type: type,
    Scheme: scheme,
    IpAddressType: 'ipv4',
    SecurityGroups: securityGroups,
    ...subnetsRequest(spec),
    Tags: tagList(unsettled(tags)),
  };
}

/** Subnets with their Elastic IPs, if there are any. */
export const subnetsRequest = ({ subnets, allocations }: LoadBalancerSpec) =>
  allocations.length > 0
    ? { SubnetMappings: subnets.map((SubnetId, i) => ({ SubnetId, AllocationId: allocations[i] })) }
    : { Subnets: subnets };

export const createTargetGroupRequest = (
  { name, protocol, port, health, tags, isFunction }: TargetGroupSpec,
  vpc: string,
): CreateTargetGroupCommandInput => ({
  Name: name,
  ...(isFunction
    ? { TargetType: 'lambda' }
    : { Protocol: protocol, Port: port, VpcId: vpc, TargetType: 'ip', ...healthRequest(health) }),
  Tags: tagList(unsettled(tags)),
});

/** Leaves out the tag that says that attributes are set: it is added only after they have been. */
export const unsettled = ({ [settingsTag]: _, ...rest }: Record<string, string>) => rest;

export const modifyTargetGroupRequest = (
  arn: string,
  health: HealthCheck,
): ModifyTargetGroupCommandInput => ({
  TargetGroupArn: arn,
  ...healthRequest(health),
});

const healthRequest = (health: HealthCheck) => ({
  HealthCheckEnabled: true,
  HealthCheckProtocol: health.protocol,
  HealthCheckPort: health.port,
  ...(health.path && { HealthCheckPath: health.path }),
  ...(health.codes && { Matcher: { HttpCode: health.codes } }),
  HealthCheckIntervalSeconds: health.interval,
  HealthCheckTimeoutSeconds: health.timeout,
  HealthyThresholdCount: health.healthyThreshold,
  UnhealthyThresholdCount: health.unhealthyThreshold,
});

export const createListenerRequest = (
  loadBalancer: string,
  listener: ListenerSpec,
  targetGroup: string,
  tags: Record<string, string>,
): CreateListenerCommandInput => ({
  LoadBalancerArn: loadBalancer,
  ...listenerRequest(listener, targetGroup),
  Tags: tagList(unsettled(tags)),
});

export const modifyListenerRequest = (
  arn: string,
  listener: ListenerSpec,
  targetGroup: string,
): ModifyListenerCommandInput => ({ ListenerArn: arn, ...listenerRequest(listener, targetGroup) });

const listenerRequest = ({ port, protocol, certificates, sslPolicy }: ListenerSpec, targetGroup: string) => ({
  Port: port,
  Protocol: protocol,
  ...(certificates[0] && { Certificates: [{ CertificateArn: certificates[0] }] }),
  ...(sslPolicy && { SslPolicy: sslPolicy }),
  DefaultActions: [{ Type: 'forward' as const, TargetGroupArn: targetGroup }],
});

/** At most 200 to a request; for RegisterTargets and DeregisterTargets alike. */
export const targetsRequests = (targetGroup: string, targets: Target[]): RegisterTargetsCommandInput[] =>
  chunks(targets, 200).map((some) => ({
    TargetGroupArn: targetGroup,
    // A function has none.
    Targets: some.map(({ address, port }) => ({ Id: address, ...(port > 0 && { Port: port }) })),
  }));

export const attributeList = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));

export const createSecurityGroupRequest = (
  { name, tags }: LoadBalancerSpec,
  vpc: string,
): CreateSecurityGroupCommandInput => ({
  GroupName: securityGroupName(name),
  Description: `Clients of the load balancer ${name}`,
  VpcId: vpc,
  TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(unsettled(tags)) }],
});

/** For AuthorizeSecurityGroupIngress and RevokeSecurityGroupIngress alike. */
export const rulesRequest = (id: string, rules: Rule[]): AuthorizeSecurityGroupIngressCommandInput => ({
  GroupId: id,
  IpPermissions: rules.map(
    ({ protocol, port, cidr, description }): IpPermission => ({
      IpProtocol: protocol,
      FromPort: port,
      ToPort: port,
      ...(cidr.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: cidr, Description: description }] }
        : { IpRanges: [{ CidrIp: cidr, Description: description }] }),
    }),
  ),
});
