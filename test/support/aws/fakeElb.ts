import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { isAllowed } from './elbRights.ts';
import { balancerActs } from './fakeElbBalancers.ts';
import { groupActs } from './fakeElbGroups.ts';
import { listenerActs } from './fakeElbListeners.ts';
import {
  type Acts,
  type Balancer,
  type Command,
  copyOf,
  failure,
  type Group,
  type Input,
  type Listener,
  type Registered,
  type SecurityGroup,
  type Timing,
} from './fakeElbParts.ts';
import { securityGroupActs } from './fakeElbSecurityGroups.ts';
import { type Asked, groupsOf, holds, type ListenerAction, type ListenerRule, ledTo } from './fakeRules.ts';

/**
 * ELBv2, the security groups of EC2 and the certificates of ACM, as far as load balancers need them, with what no emulator
 * does: states of provisioning, target groups in use, network interfaces that outlive their load balancer, throttles.
 */
export class FakeElb {
  /** Names of the requests, in order. */
  readonly calls: string[] = [];
  readonly inputs: { name: string; input: Input }[] = [];
  /** Of load balancers made from now on. */
  state = 'active';
  /** Whether a security group is still held after its load balancer is gone. */
  interfacesLinger = false;
  /** How often security groups that are there are not told of. */
  hidden = 0;
  /** Absent: targets are healthy at once, and left at once. */
  timing: Timing | undefined;
  readonly #failures: { name: string; error: Error }[] = [];
  readonly balancers = new Map<string, Balancer>();
  readonly listeners = new Map<string, Listener>();
  /** Beside the default ones, by listener. */
  readonly certificates = new Map<string, Set<string>>();
  readonly rules = new Map<string, ListenerRule>();
  readonly groups = new Map<string, Group>();
  readonly securityGroups = new Map<string, SecurityGroup>();
  /** Names of the issued certificates, by ARN. */
  readonly acm = new Map<string, string[]>();
  readonly attributes = new Map<string, Record<string, string>>();
  readonly tags = new Map<string, Record<string, string>>();
  /** Security groups that interfaces hold. */
  readonly lingering = new Set<string>();
  /** How much has been made. */
  count = 0;
  readonly #acts: Acts = {
    ...balancerActs(this),
    ...groupActs(this),
    ...listenerActs(this),
    ...securityGroupActs(this),
  };

  /** Serves as the client of all three services. */
  readonly client = {
    send: async (command: Command): Promise<never> => {
      const name = command.constructor.name.replace(/Command$/, '');
      this.calls.push(name);
      this.inputs.push({ name, input: command.input as Input });
      const at = this.#failures.findIndex((f) => f.name === name);
      if (at >= 0) throw this.#failures.splice(at, 1)[0]!.error;
      const act = this.#acts[name];
      if (!act) throw failure(`InvalidAction ${name}`);
      if (!isAllowed(name, command.input as Input, (id) => this.#tagsOf(id))) throw failure('AccessDenied');
      return copyOf(act(command.input as Input) ?? {}) as never;
    },
  };

  /** Of drivers over it: nobody waits. */
  get options() {
    const { client } = this;
    return {
      ...{ elb: client, ec2: client, acm: client, ids: seededIds() },
      clock: { now: () => 0, sleep: async () => {} },
      ...{ deployment: 'dev', vpc: 'vpc-1' },
      subnets: ['subnet-1', 'subnet-2'],
      securityGroup: 'sg-pods',
    };
  }

  /** The next request of this name fails. */
  failNext(name: string, code: string, fault = 'client'): void {
    this.#failures.push({ name, error: failure(code, fault) });
  }

  /** All are in service now. */
  provisioned(): void {
    for (const balancer of this.balancers.values()) balancer.State.Code = 'active';
  }

  /** The target a connection reaches, in turn; undefined: refused. */
  visit(hostname: string, port: number): string | undefined {
    const listener = this.#listenerAt(hostname, port);
    return this.#next(listener?.DefaultActions[0]?.TargetGroupArn);
  }

  /** What an HTTP request gets: a target, a status, or a redirection `-> port`; undefined where nothing listens. */
  ask(hostname: string, port: number, host: string, path: string, asked: Asked = {}): string | undefined {
    const listener = this.#listenerAt(hostname, port);
    if (!listener) return undefined;
    const rule = this.rulesOf(listener.ListenerArn).find(({ Conditions }) =>
      Conditions.every((c) => holds(c, host, path, asked)),
    );
    const action = (rule?.Actions ?? listener.DefaultActions)[0]!;
    if (action.Type === 'redirect') return `-> ${action.RedirectConfig?.Port}`;
    if (action.Type === 'fixed-response') return action.FixedResponseConfig?.StatusCode;
    return this.#next(ledTo(action)) ?? '503';
  }

  #listenerAt(hostname: string, port: number): Listener | undefined {
    const balancer = [...this.balancers.values()].find((b) => b.DNSName === hostname);
    return [...this.listeners.values()].find(
      (l) => l.LoadBalancerArn === balancer?.LoadBalancerArn && l.Port === port,
    );
  }

  /** In the order in which they are looked at. */
  rulesOf(listener: string): ListenerRule[] {
    return [...this.rules.values()]
      .filter((r) => r.ListenerArn === listener)
      .sort((a, b) => Number(a.Priority) - Number(b.Priority));
  }

  /** Ids of the targets of a group that get requests now. */
  sentTo(arn: string): string[] {
    const targets = [...(this.groups.get(arn)?.targets.values() ?? [])];
    return targets.filter((t) => this.#isSentTo(t)).map(({ target }) => target.Id ?? '');
  }

  #next(arn: string | undefined): string | undefined {
    const group = this.groups.get(arn ?? '');
    const targets = [...(group?.targets.values() ?? [])].filter((t) => this.#isSentTo(t));
    const next = group && targets[group.turn++ % targets.length];
    return next && `${next.target.Id}:${next.target.Port}`;
  }

  /** Every target that a connection to this listener may reach now. */
  reachable(hostname: string, port: number): string[] {
    return this.#targetsOf(hostname, port)
      .filter((t) => this.#isSentTo(t))
      .map(({ target }) => target.Id ?? '');
  }

  /** Every target of this listener that was not told to leave, whether it has passed its checks or not. */
  registered(hostname: string, port: number): string[] {
    return this.#targetsOf(hostname, port)
      .filter(({ leftAt }) => leftAt === undefined)
      .map(({ target }) => `${target.Id}:${target.Port}`);
  }

  #targetsOf(hostname: string, port: number): Registered[] {
    const listener = this.#listenerAt(hostname, port);
    const [action] = listener?.DefaultActions ?? [];
    const group = this.groups.get((action && groupsOf(action)[0]) ?? '');
    return [...(group?.targets.values() ?? [])];
  }

  #isSentTo({ healthyAt, leftAt, tailMs }: Registered): boolean {
    const now = this.now();
    return leftAt === undefined ? healthyAt <= now : healthyAt <= leftAt && now < leftAt + tailMs;
  }

  now(): number {
    return this.timing?.clock.now() ?? 0;
  }

  stateOf({ healthyAt, leftAt }: Registered): string {
    if (leftAt !== undefined) return 'draining';
    return healthyAt <= this.now() ? 'healthy' : 'initial';
  }

  /** What is left of everything that was made. */
  get left(): string[] {
    return [
      ...[...this.balancers.values()].map((b) => b.LoadBalancerName),
      ...[...this.groups.values()].map((g) => g.TargetGroupName),
      ...[...this.listeners.keys()],
      ...[...this.rules.keys()],
      ...[...this.securityGroups.values()].map((g) => g.GroupName),
    ];
  }

  /** The interfaces are gone. */
  released(): void {
    this.lingering.clear();
  }

  arn(kind: string, name: string): string {
    return `arn:aws:elasticloadbalancing:us-east-1:000000000000:${kind}/${name}/${++this.count}`;
  }

  /** Undefined when it is not there. */
  #tagsOf(id: string): Record<string, string> | undefined {
    const all = [this.balancers, this.groups, this.listeners, this.rules];
    if (all.some((map) => map.has(id))) return this.tags.get(id) ?? {};
    const group = this.securityGroups.get(id);
    return group && Object.fromEntries(group.Tags.map(({ Key, Value }) => [Key, Value]));
  }

  setTags(arn: string, list: unknown): void {
    const old = this.tags.get(arn) ?? {};
    const pairs = (list as { Key: string; Value: string }[] | undefined) ?? [];
    this.tags.set(arn, { ...old, ...Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value])) });
  }

  group(arn: unknown): Group {
    const group = this.groups.get(arn as string);
    if (!group) throw failure('TargetGroupNotFoundException');
    return group;
  }

  inUse(arn: string): string[] {
    const uses = (actions: ListenerAction[]) => actions.some((a) => groupsOf(a).includes(arn));
    const users = [...this.listeners.values()].filter(
      (l) => uses(l.DefaultActions) || this.rulesOf(l.ListenerArn).some(({ Actions }) => uses(Actions)),
    );
    return [...new Set(users.map((l) => l.LoadBalancerArn))];
  }

  forget(listener: string): void {
    for (const { RuleArn } of this.rulesOf(listener)) this.rules.delete(RuleArn);
    this.listeners.delete(listener);
  }

  /** A target group belongs to one load balancer. */
  associate(loadBalancer: string, actions: unknown): void {
    for (const group of ((actions as ListenerAction[] | undefined) ?? []).flatMap(groupsOf)) {
      // Of somebody else.
      if (group.includes('/foreign/')) continue;
      this.group(group);
      if (this.inUse(group).some((arn) => arn !== loadBalancer))
        throw failure('TargetGroupAssociationLimitException');
    }
  }

  modify(arn: unknown, list: unknown): undefined {
    const pairs = (list as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
    this.attributes.set(arn as string, {
      ...this.attributes.get(arn as string),
      ...Object.fromEntries(pairs),
    });
  }
}
