import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  AddListenerCertificatesCommand,
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  type LoadBalancer,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../../errors/apiError.ts';
import { isCode } from '../errors.ts';
import { tagList, tags } from '../tags.ts';
import type { Api } from './api.ts';
import { loadBalancerNamed, loadBalancerOf, securityGroupNamed, tagsByArn } from './observe.ts';
import type { Action } from './plan.ts';
import {
  attributeList,
  createListenerRequest,
  createLoadBalancerRequest,
  createSecurityGroupRequest,
  createTargetGroupRequest,
  modifyListenerRequest,
  modifyTargetGroupRequest,
  rulesRequest,
  targetsRequest,
} from './requests.ts';
import type { LoadBalancerSpec, Observed, ObservedLoadBalancer, TargetGroupSpec } from './stack.ts';

/** Carries a plan out, one action after the other, and knows the ids of what is there and of what it made. */
export class Application {
  loadBalancer: ObservedLoadBalancer | undefined;
  readonly #api: Api;
  readonly #vpc: string;
  readonly #targetGroups: Map<string, string>;
  readonly #listeners: Map<number, string>;
  #securityGroup: string | undefined;

  constructor(api: Api, vpc: string, { loadBalancer, securityGroup, targetGroups, listeners }: Observed) {
    this.#api = api;
    this.#vpc = vpc;
    this.loadBalancer = loadBalancer;
    this.#securityGroup = securityGroup?.id;
    this.#targetGroups = new Map(targetGroups.map(({ name, arn }) => [name, arn]));
    this.#listeners = new Map(listeners.map(({ port, arn }) => [port, arn]));
  }

  async run(actions: Action[]): Promise<void> {
    for (const action of actions) await this.#run(action);
  }

  async #run(action: Action): Promise<unknown> {
    const { elb, ec2, send } = this.#api;
    const arn = this.loadBalancer?.arn ?? '';
    switch (action.do) {
      case 'createSecurityGroup':
        return this.#createSecurityGroup(action.spec);
      case 'authorize': {
        const request = new AuthorizeSecurityGroupIngressCommand(
          rulesRequest(this.#securityGroup!, action.rules),
        );
        return ignoring(
          'InvalidPermission.Duplicate',
          send('AuthorizeSecurityGroupIngress', () => ec2.send(request)),
        );
      }
      case 'revoke': {
        const request = new RevokeSecurityGroupIngressCommand(
          rulesRequest(this.#securityGroup!, action.rules),
        );
        return ignoring(
          'InvalidPermission.NotFound',
          send('RevokeSecurityGroupIngress', () => ec2.send(request)),
        );
      }
      case 'createTargetGroup':
        return this.#createTargetGroup(action.spec);
      case 'setHealth': {
        const request = modifyTargetGroupRequest(this.#groupOf(action.targetGroup), action.health);
        return send('ModifyTargetGroup', () => elb.send(new ModifyTargetGroupCommand(request)));
      }
      case 'setTargetGroup':
        return this.#setTargetGroup(action.spec);
      case 'createLoadBalancer':
        return this.#createLoadBalancer(action.spec, action.ownGroup);
      case 'setSubnets': {
        const request = new SetSubnetsCommand({ LoadBalancerArn: arn, Subnets: action.subnets });
        return send('SetSubnets', () => elb.send(request));
      }
      case 'setSecurityGroups': {
        const SecurityGroups = this.#groups(action.securityGroups, action.ownGroup);
        const request = new SetSecurityGroupsCommand({ LoadBalancerArn: arn, SecurityGroups });
        return send('SetSecurityGroups', () => elb.send(request));
      }
      case 'setLoadBalancer':
        return this.#setLoadBalancer(arn, action.spec);
      case 'createListener': {
        const target = this.#groupOf(action.spec.targetGroup);
        const request = new CreateListenerCommand(
          createListenerRequest(arn, action.spec, target, action.tags),
        );
        const { Listeners } = await send('CreateListener', () => elb.send(request));
        return this.#listeners.set(action.spec.port, Listeners?.[0]?.ListenerArn ?? '');
      }
      case 'modifyListener': {
        const target = this.#groupOf(action.spec.targetGroup);
        const request = new ModifyListenerCommand(modifyListenerRequest(action.arn, action.spec, target));
        return send('ModifyListener', () => elb.send(request));
      }
      case 'addCertificates': {
        const request = new AddListenerCertificatesCommand({
          ListenerArn: this.#listeners.get(action.port),
          Certificates: action.certificates.map((CertificateArn) => ({ CertificateArn })),
        });
        return send('AddListenerCertificates', () => elb.send(request));
      }
      case 'register': {
        const request = new RegisterTargetsCommand(
          targetsRequest(this.#groupOf(action.targetGroup), action.targets),
        );
        return send('RegisterTargets', () => elb.send(request));
      }
      case 'deregister': {
        const request = new DeregisterTargetsCommand(
          targetsRequest(this.#groupOf(action.targetGroup), action.targets),
        );
        return send('DeregisterTargets', () => elb.send(request));
      }
      case 'deleteListener':
        return deleteListener(this.#api, action.arn);
      case 'deleteTargetGroup':
        return deleteTargetGroup(this.#api, action.arn);
    }
  }

  async #createSecurityGroup(spec: LoadBalancerSpec): Promise<void> {
    const { ec2, send } = this.#api;
    const request = new CreateSecurityGroupCommand(createSecurityGroupRequest(spec, this.#vpc));
    try {
      this.#securityGroup = (await send('CreateSecurityGroup', () => ec2.send(request))).GroupId;
    } catch (error) {
      if (!isCode((error as Error).cause, 'InvalidGroup.Duplicate')) throw error;
      this.#securityGroup = (await securityGroupNamed(this.#api, this.#vpc, spec.name))?.id;
    }
  }

  /** One that is there already was made by an earlier, interrupted run: it is taken on. */
  async #createTargetGroup(spec: TargetGroupSpec): Promise<void> {
    const { elb, send } = this.#api;
    const request = new CreateTargetGroupCommand(createTargetGroupRequest(spec, this.#vpc));
    let made: string | undefined;
    try {
      const { TargetGroups } = await send('CreateTargetGroup', () => elb.send(request));
      made = TargetGroups?.[0]?.TargetGroupArn;
    } catch (error) {
      if (!isCode((error as Error).cause, 'DuplicateTargetGroupName', 'DuplicateTargetGroupNameException'))
        throw error;
      const named = new DescribeTargetGroupsCommand({ Names: [spec.name] });
      const { TargetGroups } = await send('DescribeTargetGroups', () => elb.send(named));
      made = TargetGroups?.[0]?.TargetGroupArn ?? '';
      const health = modifyTargetGroupRequest(made, spec.health);
      await send('ModifyTargetGroup', () => elb.send(new ModifyTargetGroupCommand(health)));
    }
    this.#targetGroups.set(spec.name, made ?? '');
  }

  /** The tag is last: it says that the attributes are as it tells. */
  async #setTargetGroup(spec: TargetGroupSpec): Promise<void> {
    const { elb, send } = this.#api;
    const TargetGroupArn = this.#groupOf(spec.name);
    const Attributes = attributeList(spec.attributes);
    const attributes = new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes });
    if (Attributes.length > 0) await send('ModifyTargetGroupAttributes', () => elb.send(attributes));
    await this.#tag(TargetGroupArn, spec.tags);
  }

  async #setLoadBalancer(LoadBalancerArn: string, spec: LoadBalancerSpec): Promise<void> {
    const { elb, send } = this.#api;
    const Attributes = attributeList(spec.attributes);
    const attributes = new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes });
    if (Attributes.length > 0) await send('ModifyLoadBalancerAttributes', () => elb.send(attributes));
    await this.#tag(LoadBalancerArn, spec.tags);
  }

  #tag(arn: string, values: Record<string, string>) {
    const request = new AddTagsCommand({ ResourceArns: [arn], Tags: tagList(values) });
    return this.#api.send('AddTags', () => this.#api.elb.send(request));
  }

  async #createLoadBalancer(spec: LoadBalancerSpec, ownGroup: boolean): Promise<void> {
    const { elb, send } = this.#api;
    const request = createLoadBalancerRequest(spec, this.#groups(spec.securityGroups, ownGroup));
    let made: LoadBalancer | undefined;
    try {
      const create = new CreateLoadBalancerCommand(request);
      made = (await send('CreateLoadBalancer', () => elb.send(create))).LoadBalancers?.[0];
    } catch (error) {
      if (!isCode((error as Error).cause, 'DuplicateLoadBalancerName', 'DuplicateLoadBalancerNameException'))
        throw error;
      made = await loadBalancerNamed(this.#api, spec.name);
      const found = (await tagsByArn(this.#api, [made?.LoadBalancerArn ?? ''])).get(
        made?.LoadBalancerArn ?? '',
      );
      checkOwned(spec, found ?? {});
    }
    this.loadBalancer = loadBalancerOf(made!, spec.tags);
  }

  #groups(others: string[], ownGroup: boolean): string[] {
    return ownGroup ? [...others, this.#securityGroup!] : others;
  }

  #groupOf(name: string): string {
    return this.#targetGroups.get(name)!;
  }
}

/** Throws Conflict for a load balancer that is not this Service's, or not this group's. */
export function checkOwned(spec: LoadBalancerSpec, found: Record<string, string>): void {
  const ours = [tags.deployment, tags.cluster, tags.uid].every((key) => found[key] === spec.tags[key]);
  if (!ours) throw new ApiError('Conflict', `the load balancer ${spec.name} belongs to somebody else`);
}

export const deleteListener = (api: Api, ListenerArn: string) =>
  ignoring(
    'ListenerNotFoundException',
    api.send('DeleteListener', () => api.elb.send(new DeleteListenerCommand({ ListenerArn }))),
  );

export const deleteTargetGroup = (api: Api, TargetGroupArn: string) =>
  ignoring(
    'TargetGroupNotFoundException',
    api.send('DeleteTargetGroup', () => api.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))),
  );

/** An error that says that it is so already. */
export async function ignoring(code: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isCode((error as Error).cause, code, code.replace(/Exception$/, ''))) throw error;
  }
}
