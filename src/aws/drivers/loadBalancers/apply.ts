import { RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import {
  AddListenerCertificatesCommand,
  AddTagsCommand,
  CreateListenerCommand,
  DeregisterTargetsCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { tagList } from '../tags.ts';
import type { Api } from './api.ts';
import { authorize, createLoadBalancer, createSecurityGroup, createTargetGroup } from './creating.ts';
import { deleteListener, deleteTargetGroup, ignoring } from './deleting.ts';
import type { Action } from './plan.ts';
import {
  attributeList,
  createListenerRequest,
  modifyListenerRequest,
  modifyTargetGroupRequest,
  rulesRequest,
  subnetsRequest,
  targetsRequests,
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
        this.#securityGroup = await createSecurityGroup(this.#api, this.#vpc, action.spec);
        return;
      case 'authorize':
        return authorize(this.#api, this.#securityGroup!, action.rules);
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
        return this.#targetGroups.set(
          action.spec.name,
          await createTargetGroup(this.#api, this.#vpc, action.spec),
        );
      case 'setHealth': {
        const request = modifyTargetGroupRequest(this.targetGroup(action.targetGroup), action.health);
        return send('ModifyTargetGroup', () => elb.send(new ModifyTargetGroupCommand(request)));
      }
      case 'setTargetGroup':
        return this.#setTargetGroup(action.spec);
      case 'createLoadBalancer':
        this.loadBalancer = await createLoadBalancer(
          this.#api,
          action.spec,
          this.#groups(action.spec.securityGroups, action.ownGroup),
        );
        return;
      case 'setSubnets': {
        const request = new SetSubnetsCommand({ LoadBalancerArn: arn, ...subnetsRequest(action.spec) });
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
        const target = this.targetGroup(action.spec.targetGroup);
        const request = new CreateListenerCommand(
          createListenerRequest(arn, action.spec, target, action.tags),
        );
        const { Listeners } = await send('CreateListener', () => elb.send(request));
        return this.#listeners.set(action.spec.port, Listeners?.[0]?.ListenerArn ?? '');
      }
      case 'modifyListener': {
        const target = this.targetGroup(action.spec.targetGroup);
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
      case 'register':
        for (const input of targetsRequests(this.targetGroup(action.targetGroup), action.targets))
          await send('RegisterTargets', () => elb.send(new RegisterTargetsCommand(input)));
        return;
      case 'deregister':
        for (const input of targetsRequests(this.targetGroup(action.targetGroup), action.targets))
          await send('DeregisterTargets', () => elb.send(new DeregisterTargetsCommand(input)));
        return;
      case 'deleteListener':
        return deleteListener(this.#api, action.arn);
      case 'deleteTargetGroup':
        return deleteTargetGroup(this.#api, action.arn);
    }
  }

  /** The tag is last: it says that the attributes are as it tells. */
  async #setTargetGroup(spec: TargetGroupSpec): Promise<void> {
    const { elb, send } = this.#api;
    const TargetGroupArn = this.targetGroup(spec.name);
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

  #groups(others: string[], ownGroup: boolean): string[] {
    return ownGroup ? [...others, this.#securityGroup!] : others;
  }

  /** ARN of the target group of that name. */
  targetGroup(name: string): string {
    return this.#targetGroups.get(name)!;
  }
}
