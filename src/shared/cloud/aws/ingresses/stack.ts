import type { Surroundings } from '../loadBalancers/stack.ts';

/** What one Ingress wants of its application load balancer. */
export interface WebStack extends Surroundings {
  listeners: WebListener[];
}

export interface WebListener {
  port: number;
  protocol: 'HTTP' | 'HTTPS';
  /** ARNs, the default one first; empty without TLS. */
  certificates: string[];
  sslPolicy?: string;
  /** For what no rule is about. */
  otherwise: RuleAction;
  /** The first that fits decides. */
  rules: WebRule[];
}

export interface WebRule {
  hosts: string[];
  /** Patterns with `*` and `?`. */
  paths: string[];
  action: RuleAction;
}

export type RuleAction =
  /** Name of a target group. */
  | { forward: string }
  /** A status with an empty body. */
  | { answer: number }
  /** The same with HTTPS on that port. */
  | { redirect: number };

export interface ObservedWebListener {
  arn: string;
  port: number;
  protocol: string;
  /** Only the default one is told. */
  certificate?: string;
  sslPolicy?: string;
  /** Undefined for what this driver does not make. */
  otherwise?: RuleAction;
  rules: ObservedRule[];
}

export interface ObservedRule extends Omit<WebRule, 'action'> {
  arn: string;
  priority: number;
  action?: RuleAction;
}
