import type { IpPermission } from '@aws-sdk/client-ec2';
import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { networkOf } from '../../../src/aws/drivers/loadBalancers/cidr.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { isAllowed } from './elbRights.ts';
import {
  type Asked,
  groupsOf,
  holds,
  type ListenerAction,
  type ListenerCondition,
  type ListenerRule,
  ledTo,
  toldOf,
} from './fakeRules.ts';

type Input = Record<string, unknown>;
interface Command {
  constructor: { name: string };
  input: object;
}

interface Balancer {
  LoadBalancerArn: string;
  LoadBalancerName: string;
  DNSName: string;
  Scheme: string;
  Type: string;
  VpcId: string;
  State: { Code: string };
  SecurityGroups: string[];
  AvailabilityZones: { SubnetId: string }[];
}

interface Listener {
  ListenerArn: string;
  LoadBalancerArn: string;
  Port: number;
  Protocol: string;
  DefaultActions: ListenerAction[];
  Certificates?: { CertificateArn: string }[];
}

interface Group {
  TargetGroupArn: string;
  TargetGroupName: string;
  Protocol?: string;
  targets: Map<string, Registered>;
  turn: number;
}

interface Registered {
  target: TargetDescription;
  /** When its first checks are done. */
  healthyAt: number;
  /** How long connections come after it left. */
  tailMs: number;
  /** When it was told to leave, if it was. */
  leftAt?: number;
}

/** As users of load balancers measured it: how long a target is `initial`, and gets connections after it left. */
export interface Timing {
  clock: Pick<Clock, 'now'>;
  initialMs(): number;
  tailMs(): number;
  /** The tail of an application load balancer. */
  webTailMs(): number;
}

/** After which a target that left is not told of any more: deregistration_delay.timeout_seconds. */
const forgottenMs = 120_000;

interface SecurityGroup {
  GroupId: string;
  GroupName: string;
  VpcId: string;
  Tags: { Key: string; Value: string }[];
  rules: IpPermission[];
}

const arnsOf = (certificates: unknown) =>
  (certificates as { CertificateArn: string }[]).map(({ CertificateArn }) => CertificateArn);

/** Of a load balancer. */
const mostRules = 100;
const mostValues = 5;
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

const failure = (name: string, $fault = 'client') => Object.assign(new Error(name), { name, $fault });

/** Of plain data, for which structuredClone takes five times as long. */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) copy[name] = copyOf(field);
  return copy as T;
}

/** One for HTTP is in two zones at least; here every subnet is in a zone of its own. */
function checkZones(type: unknown, subnets: unknown): void {
  if (type === 'application' && new Set(subnets as string[]).size < 2) throw failure('ValidationError');
}

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
  #lingering = new Set<string>();
  #count = 0;

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
      elb: client,
      ec2: client,
      acm: client,
      clock: { now: () => 0, sleep: async () => {} },
      ids: seededIds(),
      deployment: 'dev',
      vpc: 'vpc-1',
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
    const balancer = [...this.balancers.values()].find((b) => b.DNSName === hostname);
    const listener = [...this.listeners.values()].find(
      (l) => l.LoadBalancerArn === balancer?.LoadBalancerArn && l.Port === port,
    );
    return this.#next(listener?.DefaultActions[0]?.TargetGroupArn);
  }

  /** What an HTTP request gets: a target, a status, or a redirection `-> port`; undefined where nothing listens. */
  ask(hostname: string, port: number, host: string, path: string, asked: Asked = {}): string | undefined {
    const balancer = [...this.balancers.values()].find((b) => b.DNSName === hostname);
    const listener = [...this.listeners.values()].find(
      (l) => l.LoadBalancerArn === balancer?.LoadBalancerArn && l.Port === port,
    );
    if (!listener) return undefined;
    const rule = this.#rulesOf(listener.ListenerArn).find(({ Conditions }) =>
      Conditions.every((c) => holds(c, host, path, asked)),
    );
    const action = (rule?.Actions ?? listener.DefaultActions)[0]!;
    if (action.Type === 'redirect') return `-> ${action.RedirectConfig?.Port}`;
    if (action.Type === 'fixed-response') return action.FixedResponseConfig?.StatusCode;
    return this.#next(ledTo(action)) ?? '503';
  }

  /** In the order in which they are looked at. */
  #rulesOf(listener: string): ListenerRule[] {
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
    const balancer = [...this.balancers.values()].find((b) => b.DNSName === hostname);
    const listener = [...this.listeners.values()].find(
      (l) => l.LoadBalancerArn === balancer?.LoadBalancerArn && l.Port === port,
    );
    const [action] = listener?.DefaultActions ?? [];
    const group = this.groups.get((action && groupsOf(action)[0]) ?? '');
    return [...(group?.targets.values() ?? [])];
  }

  #isSentTo({ healthyAt, leftAt, tailMs }: Registered): boolean {
    const now = this.#now();
    return leftAt === undefined ? healthyAt <= now : healthyAt <= leftAt && now < leftAt + tailMs;
  }

  #now(): number {
    return this.timing?.clock.now() ?? 0;
  }

  #stateOf({ healthyAt, leftAt }: Registered): string {
    if (leftAt !== undefined) return 'draining';
    return healthyAt <= this.#now() ? 'healthy' : 'initial';
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
    this.#lingering.clear();
  }

  #arn(kind: string, name: string): string {
    return `arn:aws:elasticloadbalancing:us-east-1:000000000000:${kind}/${name}/${++this.#count}`;
  }

  /** Undefined when it is not there. */
  #tagsOf(id: string): Record<string, string> | undefined {
    const all = [this.balancers, this.groups, this.listeners, this.rules];
    if (all.some((map) => map.has(id))) return this.tags.get(id) ?? {};
    const group = this.securityGroups.get(id);
    return group && Object.fromEntries(group.Tags.map(({ Key, Value }) => [Key, Value]));
  }

  #setTags(arn: string, list: unknown): void {
    const old = this.tags.get(arn) ?? {};
    const pairs = (list as { Key: string; Value: string }[] | undefined) ?? [];
    this.tags.set(arn, { ...old, ...Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value])) });
  }

  #group(arn: unknown): Group {
    const group = this.groups.get(arn as string);
    if (!group) throw failure('TargetGroupNotFoundException');
    return group;
  }

  #inUse(arn: string): string[] {
    const uses = (actions: ListenerAction[]) => actions.some((a) => groupsOf(a).includes(arn));
    const users = [...this.listeners.values()].filter(
      (l) => uses(l.DefaultActions) || this.#rulesOf(l.ListenerArn).some(({ Actions }) => uses(Actions)),
    );
    return [...new Set(users.map((l) => l.LoadBalancerArn))];
  }

  #forget(listener: string): void {
    for (const { RuleArn } of this.#rulesOf(listener)) this.rules.delete(RuleArn);
    this.listeners.delete(listener);
  }

  /** A target group belongs to one load balancer. */
  #associate(loadBalancer: string, actions: unknown): void {
    for (const group of ((actions as ListenerAction[] | undefined) ?? []).flatMap(groupsOf)) {
      // Of somebody else.
      if (group.includes('/foreign/')) continue;
      this.#group(group);
      if (this.#inUse(group).some((arn) => arn !== loadBalancer))
        throw failure('TargetGroupAssociationLimitException');
    }
  }

  readonly #acts: Record<string, (input: Input) => object | undefined> = {
    DescribeLoadBalancers: ({ Names }) => {
      const wanted = Names as string[] | undefined;
      const LoadBalancers = [...this.balancers.values()].filter(
        (b) => !wanted || wanted.includes(b.LoadBalancerName),
      );
      if (wanted && LoadBalancers.length === 0) throw failure('LoadBalancerNotFoundException');
      return { LoadBalancers };
    },
    CreateLoadBalancer: (input) => {
      const name = input.Name as string;
      if (name.length > 32) throw failure('ValidationError');
      checkZones(input.Type, input.Subnets);
      if ([...this.balancers.values()].some((b) => b.LoadBalancerName === name))
        throw failure('DuplicateLoadBalancerNameException');
      const balancer: Balancer = {
        LoadBalancerArn: this.#arn(`loadbalancer/${input.Type === 'network' ? 'net' : 'app'}`, name),
        LoadBalancerName: name,
        DNSName: `${name}-${this.#count}.elb.us-east-1.amazonaws.com`,
        Scheme: input.Scheme as string,
        Type: input.Type as string,
        VpcId: 'vpc-1',
        State: { Code: this.state },
        SecurityGroups: input.SecurityGroups as string[],
        AvailabilityZones:
          (input.SubnetMappings as { SubnetId: string }[] | undefined) ??
          (input.Subnets as string[]).map((SubnetId) => ({ SubnetId })),
      };
      this.balancers.set(balancer.LoadBalancerArn, balancer);
      this.#setTags(balancer.LoadBalancerArn, input.Tags);
      return { LoadBalancers: [balancer] };
    },
    DeleteLoadBalancer: ({ LoadBalancerArn }) => {
      const balancer = this.balancers.get(LoadBalancerArn as string);
      for (const [arn, l] of this.listeners) if (l.LoadBalancerArn === LoadBalancerArn) this.#forget(arn);
      if (this.interfacesLinger) for (const id of balancer?.SecurityGroups ?? []) this.#lingering.add(id);
      this.balancers.delete(LoadBalancerArn as string);
      return undefined;
    },
    SetSubnets: ({ LoadBalancerArn, Subnets }) => {
      const balancer = this.balancers.get(LoadBalancerArn as string)!;
      checkZones(balancer.Type, Subnets);
      balancer.AvailabilityZones = (Subnets as string[]).map((SubnetId) => ({ SubnetId }));
      return undefined;
    },
    SetSecurityGroups: ({ LoadBalancerArn, SecurityGroups }) => {
      this.balancers.get(LoadBalancerArn as string)!.SecurityGroups = SecurityGroups as string[];
      return undefined;
    },
    ModifyLoadBalancerAttributes: ({ LoadBalancerArn, Attributes }) =>
      this.#modify(LoadBalancerArn, Attributes),
    ModifyTargetGroupAttributes: ({ TargetGroupArn, Attributes }) => {
      const { Protocol } = this.#group(TargetGroupArn) as { Protocol?: string };
      for (const { Key, Value } of Attributes as { Key: string; Value: string }[])
        if (
          (Key === 'preserve_client_ip.enabled' && Value === 'false' && Protocol?.includes('UDP')) ||
          (Key === 'stickiness.enabled' && Value === 'true' && Protocol === 'TLS')
        )
          throw failure('InvalidConfigurationRequestException');
      return this.#modify(TargetGroupArn, Attributes);
    },
    AddTags: ({ ResourceArns, Tags }) => {
      for (const arn of ResourceArns as string[]) this.#setTags(arn, Tags);
      return undefined;
    },
    DescribeTags: ({ ResourceArns }) => {
      const arns = ResourceArns as string[];
      if (arns.length > 20) throw failure('ValidationError');
      return {
        TagDescriptions: arns.map((ResourceArn) => ({
          ResourceArn,
          Tags: Object.entries(this.tags.get(ResourceArn) ?? {}).map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
    DescribeTargetGroups: ({ LoadBalancerArn, Names }) => ({
      TargetGroups: [...this.groups.values()]
        .map(({ targets: _, turn: __, ...group }) => ({
          ...group,
          LoadBalancerArns: this.#inUse(group.TargetGroupArn),
        }))
        .filter((g) => !LoadBalancerArn || g.LoadBalancerArns.includes(LoadBalancerArn as string))
        .filter((g) => !Names || (Names as string[]).includes(g.TargetGroupName)),
    }),
    CreateTargetGroup: ({ Tags, ...input }) => {
      const name = input.Name as string;
      if (name.length > 32) throw failure('ValidationError');
      if ([...this.groups.values()].some((g) => g.TargetGroupName === name))
        throw failure('DuplicateTargetGroupNameException');
      // A function has neither protocol nor port.
      if (input.TargetType === 'lambda' && (input.Protocol || input.Port || input.VpcId))
        throw failure('ValidationError');
      const group: Group = {
        ...input,
        TargetGroupName: name,
        TargetGroupArn: this.#arn('targetgroup', name),
        targets: new Map(),
        turn: 0,
      };
      this.groups.set(group.TargetGroupArn, group);
      this.#setTags(group.TargetGroupArn, Tags);
      return { TargetGroups: [{ TargetGroupArn: group.TargetGroupArn }] };
    },
    ModifyTargetGroup: ({ TargetGroupArn, ...more }) => {
      Object.assign(this.#group(TargetGroupArn), more);
      return undefined;
    },
    DeleteTargetGroup: ({ TargetGroupArn }) => {
      if (this.#inUse(TargetGroupArn as string).length > 0) throw failure('ResourceInUseException');
      this.groups.delete(TargetGroupArn as string);
      return undefined;
    },
    RegisterTargets: ({ TargetGroupArn, Targets }) => {
      const { targets, Protocol = '' } = this.#group(TargetGroupArn);
      const tail = Protocol.startsWith('HTTP') ? 'webTailMs' : 'tailMs';
      for (const target of Targets as TargetDescription[]) {
        const known = targets.get(`${target.Id}:${target.Port}`);
        if (known && known.leftAt === undefined) continue;
        // Nobody checks a function.
        const healthyAt = this.#now() + (target.Port ? (this.timing?.initialMs() ?? 0) : 0);
        targets.set(`${target.Id}:${target.Port}`, { target, healthyAt, tailMs: this.timing?.[tail]() ?? 0 });
      }
      return undefined;
    },
    DeregisterTargets: ({ TargetGroupArn, Targets }) => {
      for (const { Id, Port } of Targets as TargetDescription[]) {
        const known = this.#group(TargetGroupArn).targets.get(`${Id}:${Port}`);
        if (known) known.leftAt ??= this.#now();
      }
      return undefined;
    },
    DescribeTargetHealth: ({ TargetGroupArn }) => ({
      TargetHealthDescriptions: [...this.#group(TargetGroupArn).targets.values()]
        .filter(({ leftAt = Number.POSITIVE_INFINITY }) => !(leftAt + forgottenMs <= this.#now()))
        .map((each) => ({ Target: each.target, TargetHealth: { State: this.#stateOf(each) } })),
    }),
    DescribeListeners: ({ LoadBalancerArn }) => ({
      Listeners: [...this.listeners.values()]
        .filter((l) => l.LoadBalancerArn === LoadBalancerArn)
        .map((l) => ({ ...l, DefaultActions: l.DefaultActions.map(toldOf) })),
    }),
    CreateListener: ({ Tags, ...input }) => {
      if (!this.balancers.has(input.LoadBalancerArn as string))
        throw failure('LoadBalancerNotFoundException');
      const same = [...this.listeners.values()].some(
        (l) => l.LoadBalancerArn === input.LoadBalancerArn && l.Port === input.Port,
      );
      if (same) throw failure('DuplicateListenerException');
      this.#associate(input.LoadBalancerArn as string, input.DefaultActions);
      const listener = {
        ...input,
        ListenerArn: this.#arn('listener', String(input.Port)),
      } as unknown as Listener;
      this.listeners.set(listener.ListenerArn, listener);
      this.#setTags(listener.ListenerArn, Tags);
      return { Listeners: [listener] };
    },
    ModifyListener: ({ ListenerArn, ...more }) => {
      const listener = this.listeners.get(ListenerArn as string)!;
      this.#associate(listener.LoadBalancerArn, more.DefaultActions);
      Object.assign(listener, { Certificates: undefined, SslPolicy: undefined }, more);
      return undefined;
    },
    ListCertificates: ({ NextToken }) => {
      const all = [...this.acm].map(([CertificateArn, names]) => ({
        CertificateArn,
        SubjectAlternativeNameSummaries: names.slice(0, 1),
        HasAdditionalSubjectAlternativeNames: names.length > 1,
      }));
      // A certificate a page.
      const at = Number(NextToken ?? 0);
      const next = at + 1 < all.length ? String(at + 1) : undefined;
      return { CertificateSummaryList: all.slice(at, at + 1), NextToken: next };
    },
    DescribeCertificate: ({ CertificateArn }) => ({
      Certificate: { SubjectAlternativeNames: this.acm.get(CertificateArn as string) },
    }),
    AddListenerCertificates: ({ ListenerArn, Certificates }) => {
      const known = this.certificates.get(ListenerArn as string) ?? new Set();
      this.certificates.set(ListenerArn as string, new Set([...known, ...arnsOf(Certificates)]));
      return undefined;
    },
    RemoveListenerCertificates: ({ ListenerArn, Certificates }) => {
      for (const arn of arnsOf(Certificates)) this.certificates.get(ListenerArn as string)?.delete(arn);
      return undefined;
    },
    DescribeListenerCertificates: ({ ListenerArn }) => {
      const own = this.listeners.get(ListenerArn as string)?.Certificates ?? [];
      const further = [...(this.certificates.get(ListenerArn as string) ?? [])];
      return {
        Certificates: [
          ...own.map((c) => ({ ...c, IsDefault: true })),
          ...further.map((CertificateArn) => ({ CertificateArn, IsDefault: false })),
        ],
      };
    },
    DeleteListener: ({ ListenerArn }) => {
      this.#forget(ListenerArn as string);
      return undefined;
    },
    DescribeRules: ({ ListenerArn }) => ({
      Rules: [
        ...this.#rulesOf(ListenerArn as string).map((r) => ({ ...r, Actions: r.Actions.map(toldOf) })),
        {
          Priority: 'default',
          IsDefault: true,
          Actions: this.listeners.get(ListenerArn as string)!.DefaultActions,
        },
      ],
    }),
    CreateRule: ({ Tags, ...input }) => {
      const listener = this.listeners.get(input.ListenerArn as string);
      if (!listener) throw failure('ListenerNotFoundException');
      const values = (input.Conditions as ListenerCondition[]).flatMap((c) =>
        Object.values(c).flatMap((config) => (config as { Values?: unknown[] }).Values ?? []),
      );
      if (values.length === 0 || values.length > mostValues) throw failure('ValidationError');
      const siblings = [...this.listeners.values()].filter(
        (l) => l.LoadBalancerArn === listener.LoadBalancerArn,
      );
      if (siblings.flatMap((l) => this.#rulesOf(l.ListenerArn)).length >= mostRules)
        throw failure('TooManyRulesException');
      const Priority = String(input.Priority);
      if (this.#rulesOf(listener.ListenerArn).some((r) => r.Priority === Priority))
        throw failure('PriorityInUseException');
      this.#associate(listener.LoadBalancerArn, input.Actions);
      const RuleArn = this.#arn('listener-rule', Priority);
      this.rules.set(RuleArn, { ...input, RuleArn, Priority } as unknown as ListenerRule);
      this.#setTags(RuleArn, Tags);
      return { Rules: [{ RuleArn }] };
    },
    ModifyRule: ({ RuleArn, ...more }) => {
      Object.assign(this.rules.get(RuleArn as string)!, more);
      return undefined;
    },
    DeleteRule: ({ RuleArn }) => {
      this.rules.delete(RuleArn as string);
      return undefined;
    },
    CreateSecurityGroup: ({ GroupName, VpcId, TagSpecifications }) => {
      if ([...this.securityGroups.values()].some((g) => g.GroupName === GroupName && g.VpcId === VpcId))
        throw failure('InvalidGroup.Duplicate');
      const GroupId = `sg-${++this.#count}`;
      const Tags = (TagSpecifications as { Tags: SecurityGroup['Tags'] }[])[0]!.Tags;
      this.securityGroups.set(GroupId, {
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
        this.#lingering.has(id),
      ).map((GroupId) => ({ Groups: [{ GroupId }] })),
    }),
    DescribeSecurityGroups: ({ Filters }) => ({
      SecurityGroups: (this.hidden-- > 0 ? [] : [...this.securityGroups.values()])
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
      const { rules } = this.securityGroups.get(GroupId as string)!;
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
      const group = this.securityGroups.get(GroupId as string)!;
      const gone = (IpPermissions as IpPermission[]).map(canonical).map(sameRuleText);
      group.rules = group.rules.filter((rule) => !gone.includes(sameRuleText(rule)));
      return undefined;
    },
    DeleteSecurityGroup: ({ GroupId }) => {
      const used = [...this.balancers.values()].some((b) => b.SecurityGroups.includes(GroupId as string));
      if (used || this.#lingering.has(GroupId as string)) throw failure('DependencyViolation');
      this.securityGroups.delete(GroupId as string);
      return undefined;
    },
  };

  #modify(arn: unknown, list: unknown): undefined {
    const pairs = (list as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
    this.attributes.set(arn as string, {
      ...this.attributes.get(arn as string),
      ...Object.fromEntries(pairs),
    });
  }
}
