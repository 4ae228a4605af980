import type { LoadBalancerIngress, Service, ServicePort } from '../../../shared/kinds/schema/types.ts';
import type { ServiceEndpoint, ServiceRef } from '../../../shared/ports/cloud.ts';
import { afterAnnotation } from '../../../shared/ports/demand.ts';
import { refKey } from '../refKey.ts';
import { BalancerAddress } from './balancerAddress.ts';
import type { ServiceUse } from './demand/serviceUse.ts';
import { type DoorPlan, doorKey, fixedDoors } from './doors.ts';
import { ForeignAddress } from './foreignAddress.ts';
import type { LocalLoadBalancersOptions, ProxyTimings } from './loadBalancers.ts';
import { NodePortDoors, type Say } from './nodePortDoors.ts';
import type { NodePorts } from './nodePorts.ts';
import { isMissingAddress, OpenDoors } from './openDoors.ts';
import { Backends } from './proxy/backends.ts';
import type { Translatable } from './translation/translated.ts';

export interface ServedServiceOptions extends LocalLoadBalancersOptions {
  timings: ProxyTimings;
  /** Load balancer addresses in use by any Service of this process. */
  taken: Set<string>;
  /** The node ports of all Services of this process. */
  nodePorts: NodePorts;
}

/** Everything that one Service has open. */
export class ServedService {
  readonly ref: ServiceRef;
  readonly #options: ServedServiceOptions;
  readonly #backends = new Map<string, Backends>();
  readonly #doors: OpenDoors;
  readonly #nodePorts: NodePortDoors;
  readonly #balancer: BalancerAddress;
  #clusterIPs = new Set<string>();
  /** Is how it was described last; undefined: it is served no more. */
  #now: Translatable | undefined;
  readonly #use: ServiceUse | undefined;
  readonly #unfollow: (() => void) | undefined;
  /** Is what the owner has been told, by what it is about. */
  readonly #said = new Map<string, string>();

  constructor(ref: ServiceRef, options: ServedServiceOptions) {
    this.ref = ref;
    this.#options = options;
    this.#doors = new OpenDoors(this.#backends, {
      ...options.timings,
      clock: options.clock,
      allows: options.allows,
      socketsAt: options.socketsAt,
    });
    this.#nodePorts = new NodePortDoors(ref, this.#doors, options.nodePorts);
    this.#balancer = new BalancerAddress(ref, options);
    this.#use = options.demand?.of(ref);
    this.#unfollow = this.#use?.onFollowing(() => {
      this.#translate();
      return options.translation?.heard(ref.cluster);
    });
  }

  async ensure(asked: Service, endpoints: ServiceEndpoint[], say: Say): Promise<LoadBalancerIngress[]> {
    const failures = sctpPorts(asked);
    const service = withoutSctp(asked);
    this.#updateBackends(service, endpoints);
    this.#now = { service, endpoints };
    // Pods that have not heard of it yet are served by the doors, and those that have whatever becomes of the doors.
    this.#translate();
    const fixed = fixedDoors(service, this.#options.nodeAddresses);
    const clusterDoors = fixed.filter(({ purpose }) => purpose === 'cluster');
    const nodeDoors = fixed.filter(({ purpose }) => purpose === 'node');
    this.#nodePorts.created = service.metadata.creationTimestamp ?? '';
    const kept = [...this.#nodePorts.wanted(nodeDoors), ...this.#balancer.wanted(service)];
    await this.#doors.closeOthers(new Set([...fixed, ...kept].map(doorKey)));
    const missing = await this.#addClusterAddresses(clusterDoors);
    for (const door of clusterDoors) {
      if (missing.has(door.address)) continue;
      const error = await this.#doors.open(door);
      if (!error) continue;
      if (isMissingAddress(error)) missing.set(doorKey(door), error.message);
      else failures.push(error);
    }
    this.#tell(
      'ClusterIPNotServed',
      missing.size ? `the cluster IP does not answer: ${[...missing.values()].join('; ')}` : '',
      say,
    );
    await this.#nodePorts.open(nodeDoors, failures, say);
    const { ingress, elsewhere } = await this.#balancer.open(service, this.#doors, failures);
    this.#tell('PortServedElsewhere', elsewhere.join('; '), say);
    await this.#options
      .tellDoors?.(refKey(this.ref), this.#doors.served())
      .catch((error: Error) => failures.push(error));
    if (failures.length > 0) throw new Error(failures.map((error) => error.message).join('; '));
    return ingress;
  }

  /**
   * Returns whether who comes is sent to an address as to one that is ready, until its Pod is known to be going. Nobody comes to a
   * headless Service.
   */
  offers(address: string): boolean {
    if (this.#now?.service.spec?.clusterIP === 'None') return false;
    return [...this.#backends.values()].some((backends) => backends.offers(address));
  }

  podGone(address: string): void {
    for (const backends of this.#backends.values()) backends.lost(address);
  }

  async close(): Promise<void> {
    this.#now = undefined;
    this.#translate();
    await this.#doors.closeOthers(new Set());
    this.#nodePorts.free();
    this.#balancer.free();
    for (const backends of this.#backends.values()) backends.end();
    this.#unfollow?.();
    for (const address of this.#clusterIPs) await this.#options.clusterAddresses?.remove(address);
    // Which Pods could not be told is for those to mend who tell them next: nothing of this Service is left.
    await this.#options.tellDoors?.(refKey(this.ref), []).catch(() => {});
  }

  /** What a Service that may sleep is used by has to come by the proxy, which counts it and has it wait. */
  #translate(): void {
    const isAnnotated = this.#now?.service.metadata.annotations?.[afterAnnotation] !== undefined;
    const isCounted = isAnnotated || this.#use?.isFollowed;
    this.#options.translation?.tell(this.ref, isCounted ? undefined : this.#now);
  }

  #updateBackends({ spec = {} }: Service, endpoints: ServiceEndpoint[]): void {
    const { sessionAffinity, sessionAffinityConfig, ports = [] } = spec;
    const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
    const affinity = sessionAffinity === 'ClientIP' ? { timeoutMs: seconds * 1000 } : undefined;
    const names = new Set(ports.map((port) => port.name ?? ''));
    for (const name of names) {
      let backends = this.#backends.get(name);
      if (!backends) {
        const { clock, timings, reached } = this.#options;
        backends = new Backends(clock, timings.drainLimitMs, reached, this.#use);
        this.#backends.set(name, backends);
      }
      backends.update(
        endpoints.filter((endpoint) => endpoint.portName === name),
        affinity,
      );
    }
    for (const [name, backends] of this.#backends)
      if (!names.has(name)) {
        this.#backends.delete(name);
        backends.use?.leave(backends);
      }
  }

  /** Returns why addresses cannot be had, by address. */
  async #addClusterAddresses(doors: DoorPlan[]): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    const { clusterAddresses } = this.#options;
    if (!clusterAddresses) return refused;
    const wanted = new Set(doors.map(({ address }) => address));
    for (const address of wanted) {
      if (this.#clusterIPs.has(address)) continue;
      try {
        await clusterAddresses.add(address);
      } catch (error) {
        if (!(error instanceof ForeignAddress)) throw error;
        refused.set(address, error.message);
        wanted.delete(address);
      }
    }
    for (const address of this.#clusterIPs) if (!wanted.has(address)) await clusterAddresses.remove(address);
    this.#clusterIPs = wanted;
    return refused;
  }

  /** Says each thing once, and again when it is another. */
  #tell(reason: string, message: string, say: Say): void {
    const before = this.#said.get(reason) ?? '';
    this.#said.set(reason, message);
    if (message && message !== before) say(message, reason);
  }
}

const isSctp = (port: ServicePort) => port.protocol === 'SCTP';

const sctpPorts = ({ spec }: Service): Error[] =>
  (spec?.ports ?? [])
    .filter(isSctp)
    .map((port) => new Error(`port ${port.port}: SCTP is not supported here, only TCP and UDP are`));

const withoutSctp = (service: Service): Service =>
  service.spec?.ports?.some(isSctp)
    ? { ...service, spec: { ...service.spec, ports: service.spec.ports.filter((port) => !isSctp(port)) } }
    : service;
