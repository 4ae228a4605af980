import { AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { tags } from '../tags.ts';
import type { Api } from './api.ts';
import { loadBalancerNamed, loadBalancerOf, securityGroupNamed, tagsByArn } from './observe.ts';
import {
  createLoadBalancerRequest,
  createSecurityGroupRequest,
  createTargetGroupRequest,
  modifyTargetGroupRequest,
  rulesRequest,
} from './requests.ts';
import type { LoadBalancerSpec, ObservedLoadBalancer, Rule, TargetGroupSpec } from './stack.ts';

/** What is there already under its name was made by an earlier, interrupted run, and is taken on. */

/** Answers its id. */
export async function createSecurityGroup(api: Api, vpc: string, spec: LoadBalancerSpec): Promise<string> {
  const request = new CreateSecurityGroupCommand(createSecurityGroupRequest(spec, vpc));
  try {
    return (await api.send('CreateSecurityGroup', () => api.ec2.send(request))).GroupId ?? '';
  } catch (error) {
    const found = isDuplicate(error) && (await securityGroupNamed(api, vpc, spec.name));
    if (!found) throw error;
    return found.id;
  }
}

/** All at once; EC2 adds none where one of them is there already, so then each by itself. */
export async function authorize(api: Api, securityGroup: string, rules: Rule[]): Promise<void> {
  const request = new AuthorizeSecurityGroupIngressCommand(rulesRequest(securityGroup, rules));
  try {
    await api.send('AuthorizeSecurityGroupIngress', () => api.ec2.send(request));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    if (rules.length > 1) for (const rule of rules) await authorize(api, securityGroup, [rule]);
  }
}

/** Answers its ARN. */
export async function createTargetGroup(api: Api, vpc: string, spec: TargetGroupSpec): Promise<string> {
  const { elb, send } = api;
  const request = new CreateTargetGroupCommand(createTargetGroupRequest(spec, vpc));
  try {
    const { TargetGroups } = await send('CreateTargetGroup', () => elb.send(request));
    return TargetGroups?.[0]?.TargetGroupArn ?? '';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const named = new DescribeTargetGroupsCommand({ Names: [spec.name] });
    const { TargetGroups } = await send('DescribeTargetGroups', () => elb.send(named));
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    const health = new ModifyTargetGroupCommand(modifyTargetGroupRequest(arn, spec.health));
    await send('ModifyTargetGroup', () => elb.send(health));
    return arn;
  }
}

/** Throws Conflict when somebody else has the name. */
export async function createLoadBalancer(
  api: Api,
  spec: LoadBalancerSpec,
  securityGroups: string[],
): Promise<ObservedLoadBalancer> {
  const request = new CreateLoadBalancerCommand(createLoadBalancerRequest(spec, securityGroups));
  try {
    const { LoadBalancers } = await api.send('CreateLoadBalancer', () => api.elb.send(request));
    return loadBalancerOf(LoadBalancers?.[0] ?? {}, spec.tags);
  } catch (error) {
    const found = isDuplicate(error) && (await loadBalancerNamed(api, spec.name));
    if (!found) throw error;
    const arn = found.LoadBalancerArn ?? '';
    const values = (await tagsByArn(api, [arn])).get(arn) ?? {};
    checkOwned(spec, values);
    return loadBalancerOf(found, values);
  }
}

/** Throws Conflict for a load balancer that is not this Service's, or not this group's. */
export function checkOwned(
  spec: Pick<LoadBalancerSpec, 'name' | 'tags'>,
  found: Record<string, string>,
): void {
  const ours = [tags.deployment, tags.cluster, tags.uid].every((key) => found[key] === spec.tags[key]);
  if (!ours) throw new ApiError('Conflict', `the load balancer ${spec.name} belongs to somebody else`);
}

const isDuplicate = (error: unknown) => /Duplicate/.test((error as { cause?: Error }).cause?.name ?? '');
