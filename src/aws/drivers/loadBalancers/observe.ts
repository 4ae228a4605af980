import { DescribeSecurityGroupsCommand, type IpPermission, type SecurityGroup } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type Listener,
  type LoadBalancer,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isReason } from '../../../shared/errors/apiError.ts';
import { isCode } from '../errors.ts';
import { chunks, pages } from '../pages.ts';
import { tagMap } from '../tags.ts';
import type { Api } from './api.ts';
import { isTargetGroupOf, securityGroupName } from './names.ts';
import type {
  HealthCheck,
  Observed,
  ObservedListener,
  ObservedLoadBalancer,
  ObservedSecurityGroup,
  ObservedTargetGroup,
  Rule,
  Target,
} from './stack.ts';

/**
 * Returns what is there of a Service: 5 calls and one for each of its ports (2 while there is no load balancer).
 * `owner` is the Service's hash: of a shared load balancer only its own target groups' health is asked. `loose`: also
 * those of its target groups to which nothing leads, which an interrupted run left.
 */
export const observe = (
  api: Api,
  vpc: string,
  name: string,
  owner: string,
  loose: boolean,
): Promise<Observed> => again(() => look(api, vpc, name, owner, loose));

async function look(api: Api, vpc: string, name: string, owner: string, loose: boolean): Promise<Observed> {
  const [found, securityGroup] = await Promise.all([
    loadBalancerNamed(api, name),
    securityGroupNamed(api, vpc, name),
  ]);
  if (!found) return { securityGroup, listeners: [], targetGroups: [] };
  const arn = found.LoadBalancerArn ?? '';
  const [listeners, all] = await Promise.all([
    listenersOf(api, arn),
    targetGroupsOf(api, loose ? undefined : arn),
  ]);
  const groups = all.filter(
    ({ TargetGroupName = '', LoadBalancerArns = [] }) =>
      !loose ||
      LoadBalancerArns.includes(arn) ||
      (LoadBalancerArns.length === 0 && isTargetGroupOf(owner, TargetGroupName)),
  );
  const arns = groups.map(({ TargetGroupArn = '' }) => TargetGroupArn);
  const [tagsOfArn, targets] = await Promise.all([
    tagsByArn(api, [arn, ...arns]),
    targetsOfOwn(api, groups, owner),
  ]);
  return {
    loadBalancer: loadBalancerOf(found, tagsOfArn.get(arn) ?? {}),
    securityGroup,
    listeners,
    targetGroups: groups.map((g, i) => targetGroupOf(g, tagsOfArn.get(arns[i]!) ?? {}, targets[i]!)),
  };
}

/** Those of an owner, wherever they are: two calls and one for each. */
export const observeTargetGroups = (api: Api, owner: string): Promise<ObservedTargetGroup[]> =>
  again(() => lookForTargetGroups(api, owner));

async function lookForTargetGroups(api: Api, owner: string): Promise<ObservedTargetGroup[]> {
  const all = await targetGroupsOf(api);
  const groups = all.filter(({ TargetGroupName = '' }) => isTargetGroupOf(owner, TargetGroupName));
  const arns = groups.map(({ TargetGroupArn = '' }) => TargetGroupArn);
  const [tagsOfArn, targets] = await Promise.all([tagsByArn(api, arns), targetsOfOwn(api, groups, owner)]);
  return groups.map((g, i) => targetGroupOf(g, tagsOfArn.get(arns[i]!) ?? {}, targets[i]!));
}

const mostLooks = 3;

/** What was told of a moment ago may be gone when more is asked of it: another run takes it away at the same time. */
export async function again<T>(look: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await look();
    } catch (error) {
      if (turn === mostLooks || !isReason(error, 'NotFound')) throw error;
    }
  }
}

const targetsOfOwn = (api: Api, groups: TargetGroup[], owner: string): Promise<Target[][]> =>
  Promise.all(
    groups.map(({ TargetGroupName = '', TargetGroupArn = '' }) =>
      isTargetGroupOf(owner, TargetGroupName) ? targetsOf(api, TargetGroupArn) : [],
    ),
  );

/** Undefined when there is none of that name. */
export async function loadBalancerNamed(api: Api, name: string): Promise<LoadBalancer | undefined> {
  try {
    const request = new DescribeLoadBalancersCommand({ Names: [name] });
    const { LoadBalancers } = await api.send('DescribeLoadBalancers', () => api.elb.send(request));
    return LoadBalancers?.[0];
  } catch (error) {
    if (isCode((error as Error).cause, 'LoadBalancerNotFoundException', 'LoadBalancerNotFound'))
      return undefined;
    throw error;
  }
}

export async function listenersOf(api: Api, arn: string): Promise<ObservedListener[]> {
  const found = await pages(async (Marker) => {
    const request = new DescribeListenersCommand({ LoadBalancerArn: arn, Marker });
    const { Listeners = [], NextMarker } = await api.send('DescribeListeners', () => api.elb.send(request));
    return { items: Listeners, next: NextMarker };
  });
  return found.map(listenerOf);
}

/** Those of one load balancer, or all. */
export const targetGroupsOf = (api: Api, loadBalancer?: string): Promise<TargetGroup[]> =>
  pages(async (Marker) => {
    const request = new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer, Marker });
    const { TargetGroups = [], NextMarker } = await api.send('DescribeTargetGroups', () =>
      api.elb.send(request),
    );
    return { items: TargetGroups, next: NextMarker };
  });

/** At most 20 to a call. */
export async function tagsByArn(api: Api, arns: string[]): Promise<Map<string, Record<string, string>>> {
  const answers = await Promise.all(
    chunks(arns, 20).map((ResourceArns) =>
      api.send('DescribeTags', () => api.elb.send(new DescribeTagsCommand({ ResourceArns }))),
    ),
  );
  return new Map(
    answers.flatMap(({ TagDescriptions = [] }) =>
      TagDescriptions.map(({ ResourceArn = '', Tags }) => [ResourceArn, tagMap(Tags)] as const),
    ),
  );
}

export async function targetHealth(api: Api, arn: string): Promise<TargetHealthDescription[]> {
  const request = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
  const { TargetHealthDescriptions = [] } = await api.send('DescribeTargetHealth', () =>
    api.elb.send(request),
  );
  return TargetHealthDescriptions;
}

async function targetsOf(api: Api, arn: string): Promise<Target[]> {
  return (await targetHealth(api, arn))
    .filter(({ TargetHealth }) => TargetHealth?.State !== 'draining')
    .map(({ Target }) => ({ address: Target?.Id ?? '', port: Target?.Port ?? 0 }));
}

export async function securityGroupNamed(
  api: Api,
  vpc: string,
  loadBalancer: string,
): Promise<ObservedSecurityGroup | undefined> {
  const request = new DescribeSecurityGroupsCommand({
    Filters: [
      { Name: 'vpc-id', Values: [vpc] },
      { Name: 'group-name', Values: [securityGroupName(loadBalancer)] },
    ],
  });
  const { SecurityGroups = [] } = await api.send('DescribeSecurityGroups', () => api.ec2.send(request));
  return SecurityGroups[0] && securityGroupOf(SecurityGroups[0]);
}

const securityGroupOf = ({ GroupId = '', IpPermissions = [] }: SecurityGroup): ObservedSecurityGroup => ({
  id: GroupId,
  rules: IpPermissions.flatMap(rulesOf),
});

const rulesOf = ({ IpProtocol, FromPort = 0, IpRanges = [], Ipv6Ranges = [] }: IpPermission): Rule[] =>
  [
    ...IpRanges.map(({ CidrIp = '', Description = '' }) => ({ cidr: CidrIp, description: Description })),
    ...Ipv6Ranges.map(({ CidrIpv6 = '', Description = '' }) => ({
      cidr: CidrIpv6,
      description: Description,
    })),
  ].map((range) => ({ protocol: IpProtocol === 'udp' ? 'udp' : 'tcp', port: FromPort, ...range }));

export const loadBalancerOf = (found: LoadBalancer, tags: Record<string, string>): ObservedLoadBalancer => ({
  arn: found.LoadBalancerArn ?? '',
  name: found.LoadBalancerName ?? '',
  // It has the capitals of a name that the user chose, which a status may not have.
  hostname: (found.DNSName ?? '').toLowerCase(),
  scheme: found.Scheme ?? '',
  state: found.State?.Code ?? '',
  subnets: (found.AvailabilityZones ?? []).map(({ SubnetId = '' }) => SubnetId),
  securityGroups: found.SecurityGroups ?? [],
  tags,
});

const listenerOf = ({ ListenerArn = '', Port = 0, Protocol, ...more }: Listener): ObservedListener => ({
  arn: ListenerArn,
  port: Port,
  protocol: Protocol ?? '',
  certificate: more.Certificates?.[0]?.CertificateArn,
  sslPolicy: more.SslPolicy,
  targetGroupArn: more.DefaultActions?.[0]?.TargetGroupArn ?? '',
});

const targetGroupOf = (
  group: TargetGroup,
  tags: Record<string, string>,
  targets: Target[],
): ObservedTargetGroup => ({
  arn: group.TargetGroupArn ?? '',
  name: group.TargetGroupName ?? '',
  health: healthOf(group),
  tags,
  targets,
});

const healthOf = (group: TargetGroup): HealthCheck => {
  const protocol = (group.HealthCheckProtocol ?? 'TCP') as HealthCheck['protocol'];
  return {
    protocol,
    port: group.HealthCheckPort ?? '',
    ...(protocol !== 'TCP' && { path: group.HealthCheckPath }),
    ...(group.Protocol?.startsWith('HTTP') && { codes: group.Matcher?.HttpCode }),
    interval: group.HealthCheckIntervalSeconds ?? 0,
    timeout: group.HealthCheckTimeoutSeconds ?? 0,
    healthyThreshold: group.HealthyThresholdCount ?? 0,
    unhealthyThreshold: group.UnhealthyThresholdCount ?? 0,
  };
};
