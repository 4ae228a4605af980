import type { Surroundings } from '../loadBalancers/stack.ts';
import type { BackendAction } from './actions.ts';

/** Describes what an Ingress, or a group of them, wants of its application load balancer. */
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
  /** All have to fit. */
  conditions: Condition[];
  action: RuleAction;
}

/** A condition of a rule: it holds when one of the values fits. */
export type Condition =
  /** Patterns with `*` and `?`; networks for `source-ip`. */
  | { field: 'host-header' | 'path-pattern' | 'http-request-method' | 'source-ip'; values: string[] }
  | { field: 'http-header'; name: string; values: string[] }
  | { field: 'query-string'; pairs: { key?: string; value: string }[] };

/** Targets are names of target groups of ours, or ARNs of others. */
export type RuleAction = BackendAction<string>;

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

export interface ObservedRule {
  arn: string;
  priority: number;
  /** Undefined for what this driver does not make. */
  rule?: WebRule;
}
