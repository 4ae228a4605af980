import type { IpPermission } from '@aws-sdk/client-ec2';
import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { ListenerAction } from './fakeRules.ts';

export type Input = Record<string, unknown>;
export interface Command {
  constructor: { name: string };
  input: object;
}

export interface Balancer {
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

export interface Listener {
  ListenerArn: string;
  LoadBalancerArn: string;
  Port: number;
  Protocol: string;
  DefaultActions: ListenerAction[];
  Certificates?: { CertificateArn: string }[];
}

export interface Group {
  TargetGroupArn: string;
  TargetGroupName: string;
  Protocol?: string;
  targets: Map<string, Registered>;
  turn: number;
}

export interface Registered {
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

export interface SecurityGroup {
  GroupId: string;
  GroupName: string;
  VpcId: string;
  Tags: { Key: string; Value: string }[];
  rules: IpPermission[];
}

/** What answers each request, by its name. */
export type Acts = Record<string, (input: Input) => object | undefined>;

export const failure = (name: string, $fault = 'client') => Object.assign(new Error(name), { name, $fault });

/** Of plain data, for which structuredClone takes five times as long. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) copy[name] = copyOf(field);
  return copy as T;
}
