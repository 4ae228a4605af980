import type { Service } from '../kinds/schema/types.ts';
import type { ServiceRef } from './loadBalancers.ts';

/** The annotation of a Service, or of an Ingress for all its Services: the idle time before a scale to zero, such as `10m`. */
export const afterAnnotation = 'shallop.dev/scale-to-zero-after';

/** The annotation that the controller writes on a Service: the time since when new connections wait for a Pod. Proxies read it. */
export const asleepAnnotation = 'shallop.dev/asleep-since';

/**
 * Knows how Services are used, and makes connections or requests wait while a Service has no Pods. It is implemented where
 * connections pass: in the proxy of a machine, or in a function behind a load balancer.
 */
export interface Demand {
  /** Returns why the use of a Service cannot be watched, or why its clients cannot wait; undefined when both are possible. */
  refuses(service: Service, facts: { isBehindIngress: boolean }): string | undefined;

  /**
   * Begins to count the use of a Service. While no endpoint can accept a connection, the connection waits if `mayWait`, and
   * otherwise fails as for any Service. Idempotent.
   */
  follow(ref: ServiceRef, mayWait: boolean): Promise<void>;

  /** Ends what follow() began. Does nothing for a Service that is not followed. */
  forget(ref: ServiceRef): Promise<void>;

  /**
   * Returns when a Service was last used, in milliseconds since the epoch. An open connection or a running request counts as
   * now. Undefined while it is unknown.
   */
  lastUsed(ref: ServiceRef): Promise<number | undefined>;

  /** Returns whether a connection or a request waits for it. */
  isWanted(ref: ServiceRef): Promise<boolean>;

  /**
   * Sends no new connections to the present Pods of the Service, so that they can be removed; new connections wait. `used`
   * means that the Service was used after `since`, and that nothing changed. `pending` means that a few connections may
   * still arrive there, and that the caller has to ask again.
   */
  withhold(ref: ServiceRef, since: number): Promise<'withheld' | 'used' | 'pending'>;

  /**
   * Sends connections again to those withheld addresses that `stay` returns. It calls `stay` only if it withholds any, and
   * forgets addresses that are reported as not ready.
   */
  restore(ref: ServiceRef, stay: () => Promise<ReadonlySet<string>>): Promise<void>;

  /** Yields each Service for which a first connection or request begins to wait, until `signal` aborts. */
  wanted(signal: AbortSignal): AsyncIterable<Pick<ServiceRef, 'cluster' | 'namespace' | 'name'>>;
}
