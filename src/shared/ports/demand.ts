import type { Service } from '../kinds/schema/types.ts';
import type { ServiceRef } from './loadBalancers.ts';

/** On a Service, or on an Ingress for all that it names: how long nobody uses it before it goes to zero. `10m` */
export const afterAnnotation = 'shallop.dev/scale-to-zero-after';

/** On a Service, written by the controller: since when those who come are to wait. What leads to its Pods reads it. */
export const asleepAnnotation = 'shallop.dev/asleep-since';

/**
 * Knows how Services are used, and has connections or requests wait while nothing runs behind one. What is between a client
 * and a Pod serves it: the proxy of a machine, a load balancer with a function.
 */
export interface Demand {
  /** Says why a Service cannot be watched for silence, or its clients not wait; undefined when both can be. */
  refuses(service: Service, facts: { isBehindIngress: boolean }): string | undefined;

  /**
   * Counts from now on how a Service is used. While nothing can take a connection to it, it waits if `mayWait`, and ends as
   * for any Service otherwise. Idempotent.
   */
  follow(ref: ServiceRef, mayWait: boolean): Promise<void>;

  /** Ends that. Nothing happens to a Service that nobody follows. */
  forget(ref: ServiceRef): Promise<void>;

  /**
   * Says when a Service was last used, in milliseconds since the epoch: now, while a connection is open or a request under way.
   * Undefined while that is not known.
   */
  lastUsed(ref: ServiceRef): Promise<number | undefined>;

  /** Says whether somebody waits for it. */
  isWanted(ref: ServiceRef): Promise<boolean>;

  /**
   * Leads nobody to the Pods any more that it leads to now, so that they can go; who comes waits. Nothing changes when it was
   * `used` after `since`. `pending`: some may still be led there, and it is to be asked again.
   */
  withhold(ref: ServiceRef, since: number): Promise<'withheld' | 'used' | 'pending'>;

  /**
   * Leads again to what it withholds at the addresses that `stay` answers. It asks only where it withholds something, and
   * forgets by itself what it has heard to be not ready.
   */
  restore(ref: ServiceRef, stay: () => Promise<ReadonlySet<string>>): Promise<void>;

  /** Names Services, as long as `signal` lets it, for which somebody begins to wait. */
  wanted(signal: AbortSignal): AsyncIterable<Pick<ServiceRef, 'cluster' | 'namespace' | 'name'>>;
}
