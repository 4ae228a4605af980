import type { LoadBalancerIngress, Service } from '../kinds/schema/types.ts';

/** Identifies a Service's incarnation. Drivers name what they make after it. */
export interface ServiceRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Makes Services reachable. Called with every change of a Service or its endpoints; idempotent. */
export interface LoadBalancers {
  /**
   * Routes each port of the Service to the ready endpoints. Connections to an endpoint that left are drained, not
   * cut. Answers where a LoadBalancer Service can be reached; empty for other types or while not yet known. What its
   * owner must know to reach it, and would not expect, is given to `say`: once, not with every call. `reason` is its
   * Event's, NodePortElsewhere when absent.
   */
  ensure(
    ref: ServiceRef,
    service: Service,
    endpoints: ServiceEndpoint[],
    say?: (message: string, reason?: string) => void,
  ): Promise<LoadBalancerIngress[]>;

  /** Stops routing and frees addresses. Nothing happens when there is none. */
  remove(ref: ServiceRef): Promise<void>;

  /**
   * Is told which Services a logical cluster has: when it starts, with each look at all of them, and when one is gone. What an
   * earlier process left stays until each has been ensured or removed. Absent where nothing is left.
   */
  expect?(cluster: string, services: ServiceRef[]): void;

  /** Every Service served here, for sweeping. */
  list(): Promise<ServiceRef[]>;

  /** Absent where an endpoint gets connections from the moment that ensure() names it, and none from when it does not. */
  targets?: Targets;
}

/** Describes what a load balancer does that checks its targets itself and takes time to let go of them. */
export interface Targets {
  /** For how long after its removal new connections may come to an endpoint, in milliseconds. */
  drainMs: number;
  /**
   * Returns how each address stands with all ports of the Service, or backends of the place; none for addresses that it
   * does not know.
   */
  health(ref: ServiceRef): Promise<Map<string, TargetHealth>>;
}

/** `initial`: its first checks are not done. `unused`: nothing leads to it. */
export type TargetHealth = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';

/** A Pod, or another address, that serves one port of a Service. */
export interface ServiceEndpoint {
  /** Name of the Service port it belongs to; empty for an unnamed one. */
  portName: string;
  address: string;
  port: number;
  protocol: string;
  /** False while it may only finish the connections it has. */
  ready: boolean;
  /** It is ready whatever becomes of its Pod, which is going. */
  isGoing?: boolean;
  /** The Node that it is on, where that is known. */
  nodeName?: string;
  /** It is going and still serves: whoever comes anew may be sent there where nobody is ready. */
  lastResort?: boolean;
}
