import type { LoadBalancerIngress, Service } from '../kinds/schema/types.ts';

/** Identifies one incarnation of a Service. Drivers name their resources after it. */
export interface ServiceRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Returns whether a Service asks for a load balancer that is made here: one of another class is somebody else's. */
export const isBalancedHere = ({ spec }: Service, classes: readonly string[] = []): boolean =>
  spec?.type === 'LoadBalancer' && (!spec.loadBalancerClass || classes.includes(spec.loadBalancerClass));

/** Makes Services reachable. Called with every change of a Service or its endpoints; idempotent. */
export interface LoadBalancers {
  /** Names the classes of load balancers that it makes, beside those of Services that name none. Absent: none. */
  readonly classes?: readonly string[];

  /**
   * Routes each port of the Service to the ready endpoints. Connections to a removed endpoint are drained, not cut. Returns
   * where a LoadBalancer Service can be reached; empty for other types, and while it is unknown. A surprise for its owner,
   * such as another port, is passed to `say` once, not with every call. `reason` is that of the Event; the default is
   * NodePortElsewhere.
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
   * Receives the Services of a logical cluster: at its start, with each full resync, and after a deletion. Routes of an earlier
   * process stay until each of these has been ensured or removed. Absent where processes leave no routes.
   */
  expect?(cluster: string, services: ServiceRef[]): void;

  /** Every Service served here, for sweeping. */
  list(): Promise<ServiceRef[]>;

  /** Absent where endpoints get connections as soon as ensure() names them, and none as soon as it does not. */
  targets?: Targets;
}

/** Describes a load balancer that checks the health of its targets itself and deregisters them slowly. */
export interface Targets {
  /** How long after its removal an endpoint may still get new connections, in milliseconds. */
  drainMs: number;
  /**
   * Returns the health of each address for all ports of the Service, or for all backends of the place. Unknown addresses are
   * missing.
   */
  health(ref: ServiceRef): Promise<Map<string, TargetHealth>>;
}

/** `initial` means that the first checks are not done, `unused` that no listener uses the target. */
export type TargetHealth = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';

/** A Pod, or another address, that serves one port of a Service. */
export interface ServiceEndpoint {
  /** Name of the Service port it belongs to; empty for an unnamed one. */
  portName: string;
  address: string;
  port: number;
  protocol: string;
  /** False while it may only finish its existing connections. */
  ready: boolean;
  /** True for an endpoint that counts as ready although its Pod is terminating (`publishNotReadyAddresses`). */
  isGoing?: boolean;
  /** The Node of the Pod, if known. */
  nodeName?: string;
  /** True for a terminating endpoint that still serves: it gets new connections when no endpoint is ready. */
  lastResort?: boolean;
}
