/** Describes what one Service wants of ELBv2 and EC2, and what is there of it. Plain data: plan.ts compares the two. */
export interface Stack extends Surroundings {
  listeners: ListenerSpec[];
}

/** All but the listeners, which Services and Ingresses want otherwise. */
export interface Surroundings {
  loadBalancer: LoadBalancerSpec;
  targetGroups: TargetGroupSpec[];
  /** Says who may reach the listeners; absent when the user's own security groups decide. */
  rules?: Rule[];
}

export interface LoadBalancerSpec {
  name: string;
  type: 'network' | 'application';
  scheme: Scheme;
  subnets: string[];
  /** Allocation ids of Elastic IPs, one per subnet; empty: AWS gives addresses. */
  allocations: string[];
  /** Beside the one that is made for `rules`. */
  securityGroups: string[];
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

export type Scheme = 'internet-facing' | 'internal';

export interface TargetGroupSpec {
  name: string;
  protocol: Protocol;
  /** The Service port; each target is registered with its own. */
  port: number;
  health: HealthCheck;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  /** Its one target is a function: the ARN stands for an address, and protocol, port and health mean nothing. */
  isFunction?: true;
  targets: Target[];
}

export type Protocol = 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS' | 'HTTP' | 'HTTPS';

export interface HealthCheck {
  protocol: 'TCP' | 'HTTP' | 'HTTPS';
  /** A number, or `traffic-port`. */
  port: string;
  path?: string;
  /** Statuses of a healthy target, of application load balancers only: `200,301-302`. */
  codes?: string;
  /** Seconds. */
  interval: number;
  timeout: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

export interface Target {
  address: string;
  port: number;
}

export interface ListenerSpec {
  port: number;
  protocol: Protocol;
  /** ARNs, the default one first; empty without TLS. */
  certificates: string[];
  sslPolicy?: string;
  /** Name of the target group it forwards to. */
  targetGroup: string;
}

export interface Rule {
  protocol: 'tcp' | 'udp';
  port: number;
  /** IPv4 or IPv6. */
  cidr: string;
  /** Says whose rule it is, where several Services share the group. */
  description: string;
}

export interface Observed {
  loadBalancer?: ObservedLoadBalancer;
  securityGroup?: ObservedSecurityGroup;
  /** All of the load balancer, other Services' too. */
  listeners: ObservedListener[];
  targetGroups: ObservedTargetGroup[];
}

export interface ObservedLoadBalancer {
  arn: string;
  name: string;
  hostname: string;
  scheme: string;
  /** `provisioning`, `active`, `active_impaired`, `failed`. */
  state: string;
  subnets: string[];
  securityGroups: string[];
  tags: Record<string, string>;
}

export interface ObservedSecurityGroup {
  id: string;
  rules: Rule[];
}

export interface ObservedListener {
  arn: string;
  port: number;
  protocol: string;
  /** Only the default one is told. */
  certificate?: string;
  sslPolicy?: string;
  targetGroupArn: string;
}

export interface ObservedTargetGroup {
  arn: string;
  name: string;
  health: HealthCheck;
  tags: Record<string, string>;
  /** Draining ones left out. */
  targets: Target[];
}
