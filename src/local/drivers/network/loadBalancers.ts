import type { Clock } from '../../../shared/clock/clock.ts';
import type { LoadBalancerIngress, Service } from '../../../shared/kinds/schema/types.ts';
import type { LoadBalancers, ServiceEndpoint, ServiceRef } from '../../../shared/ports/cloud.ts';
import { Turns } from '../inTurn.ts';
import type { Reached } from '../podNetwork.ts';
import { refKey } from '../refKey.ts';
import type { SocketsAt } from '../sockets.ts';
import type { LocalDemand } from './demand/index.ts';
import type { ClusterAddresses } from './network.ts';
import type { Say } from './nodePortDoors.ts';
import { NodePorts } from './nodePorts.ts';
import type { Allows } from './policies/judge.ts';
import type { TellDoors } from './policies/shut.ts';
import type { ConnectionOptions } from './proxy/options.ts';
import { ServedService } from './servedService.ts';
import type { ServiceTranslation } from './translation/index.ts';

export interface LocalLoadBalancersOptions {
  clock: Clock;
  /** Load balancers get their addresses here: `127.96.0.0/16`. */
  balancerCidr: string;
  /** Makes cluster IPs known to the system, where they are not by themselves. */
  clusterAddresses?: ClusterAddresses;
  /** Says where node ports answer; by default on 127.0.0.1. */
  nodeAddresses?: string[];
  /** Counts how Services are used. Absent: nobody asks. */
  demand?: LocalDemand;
  /** Judges by policies who may speak to whom. Absent: everybody may. */
  allows?: Allows | undefined;
  /** Is told where each Service is served. */
  tellDoors?: TellDoors | undefined;
  /** Leads Pods past the proxy. Absent: nothing does. */
  translation?: ServiceTranslation | undefined;
  timings?: Partial<ProxyTimings>;
  /** Says in which network addresses are on which is listened. Absent: all are this machine's. */
  socketsAt?: SocketsAt | undefined;
  /** Absent: endpoints are reached at their own addresses. */
  reached?: Reached;
}

export interface ProxyTimings extends Omit<ConnectionOptions, 'clock' | 'mayJoin'> {
  /** Connections to an endpoint that is no longer listed are cut after so long. */
  drainLimitMs: number;
}

const defaultTimings: ProxyTimings = {
  waitMs: 5_000,
  connectTimeoutMs: 1_000,
  quietMs: 500,
  idleMs: 60_000,
  drainLimitMs: 30_000,
};

/**
 * Serves Services by a proxy in this process: on the cluster IP where the platform allows it, on 127.0.0.1 for node
 * ports (or on an address of the logical cluster, where another one has the port), and for type LoadBalancer on a loopback address of its own (or, where that cannot be opened, on 127.0.0.1
 * and the node port). Nothing outlives the process: after a restart, `ensure` of each Service opens the same doors.
 *
 * `externalTrafficPolicy`, `internalTrafficPolicy` and `loadBalancerSourceRanges` have no meaning on one machine's
 * loopback and are ignored. SCTP is not served.
 */
export class LocalLoadBalancers implements LoadBalancers {
  /** By refKey(). */
  readonly #served = new Map<string, ServedService>();
  /** Work on one Service is done one after the other. */
  readonly #turns = new Turns();
  readonly #taken = new Set<string>();
  readonly #nodePorts: NodePorts;
  readonly #options: LocalLoadBalancersOptions;
  readonly #timings: ProxyTimings;

  constructor(options: LocalLoadBalancersOptions) {
    this.#options = options;
    this.#nodePorts = new NodePorts(options.balancerCidr, this.#taken);
    this.#timings = { ...defaultTimings, ...options.timings };
  }

  /**
   * Opens and closes what changed and leaves the rest alone. Throws when an owed address cannot be opened or a port
   * is SCTP; whatever could be opened is served nevertheless, and calling again tries the rest again.
   */
  ensure(
    ref: ServiceRef,
    service: Service,
    endpoints: ServiceEndpoint[],
    say: Say = () => {},
  ): Promise<LoadBalancerIngress[]> {
    return this.#turns.take(refKey(ref), async () => {
      const served = this.#served.get(refKey(ref)) ?? (await this.#begin(ref));
      return served.ensure(service, endpoints, say);
    });
  }

  remove(ref: ServiceRef): Promise<void> {
    return this.#turns.take(refKey(ref), async () => {
      const served = this.#served.get(refKey(ref));
      this.#served.delete(refKey(ref));
      if (served) await served.close();
      else this.#options.translation?.tell(ref, undefined);
    });
  }

  expect(cluster: string, services: ServiceRef[]): void {
    this.#options.translation?.expect(cluster, services);
  }

  /** A Pod's address went away with its network: requests that wait for it are sent elsewhere or end. */
  podGone(address: string): void {
    for (const served of this.#served.values()) served.podGone(address);
  }

  /** Returns whether connections are sent to an address as to one that is ready. */
  offers(address: string): boolean {
    return [...this.#served.values()].some((served) => served.offers(address));
  }

  async list(): Promise<ServiceRef[]> {
    return [...this.#served.values()].map(({ ref }) => ref);
  }

  /** Stops serving everything, as at the end of the process. */
  async close(): Promise<void> {
    await Promise.all((await this.list()).map((ref) => this.remove(ref)));
  }

  async #begin(ref: ServiceRef): Promise<ServedService> {
    // One of the same name that is gone: what it had, the new one may have claimed since.
    for (const former of await this.list()) if (isNamesake(former, ref)) await this.remove(former);
    const served = new ServedService(ref, {
      ...this.#options,
      timings: this.#timings,
      taken: this.#taken,
      nodePorts: this.#nodePorts,
    });
    this.#served.set(refKey(ref), served);
    return served;
  }
}

const isNamesake = (one: ServiceRef, other: ServiceRef): boolean =>
  one.cluster === other.cluster &&
  one.namespace === other.namespace &&
  one.name === other.name &&
  one.uid !== other.uid;
