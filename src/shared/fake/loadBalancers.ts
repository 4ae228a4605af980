import type { LoadBalancerIngress, Service, ServicePort } from '../kinds/schema/types.ts';
import type { LoadBalancers, ServiceEndpoint, ServiceRef } from '../ports/cloud.ts';
import { isBalancedHere } from '../ports/loadBalancers.ts';

export type LoadBalancerCall =
  | { verb: 'ensure'; ref: ServiceRef; service: Service; endpoints: ServiceEndpoint[] }
  | { verb: 'remove'; ref: ServiceRef };

interface Balancer {
  ref: ServiceRef;
  service: Service;
  endpoints: ServiceEndpoint[];
  address?: string;
  turn: number;
}

/**
 * Load balancers in memory. A Service of type LoadBalancer gets 203.0.113.1, the next one .2, and so on (or its
 * `spec.loadBalancerIP`), the same again for the same UID. `calls` records what was asked; `route` says where a
 * connection would go.
 */
export class FakeLoadBalancers implements LoadBalancers {
  readonly calls: LoadBalancerCall[] = [];
  #balancers = new Map<string, Balancer>();
  #addresses = new Map<string, string>();
  #failures: Error[] = [];

  async ensure(
    ref: ServiceRef,
    service: Service,
    endpoints: ServiceEndpoint[],
  ): Promise<LoadBalancerIngress[]> {
    this.calls.push({ verb: 'ensure', ref, service, endpoints });
    this.#failIfAsked();
    const address = isBalancedHere(service)
      ? service.spec?.loadBalancerIP || this.#addressOf(ref)
      : undefined;
    const turn = this.#balancers.get(ref.uid)?.turn ?? 0;
    this.#balancers.set(ref.uid, { ref, service, endpoints, address, turn });
    if (!address) return [];
    const ports = service.spec?.ports ?? [];
    return [
      {
        ip: address,
        ipMode: 'Proxy',
        ports: ports.map(({ port, protocol }) => ({ port, protocol: protocol ?? 'TCP' })),
      },
    ];
  }

  async remove(ref: ServiceRef): Promise<void> {
    this.calls.push({ verb: 'remove', ref });
    this.#failIfAsked();
    this.#balancers.delete(ref.uid);
  }

  async list(): Promise<ServiceRef[]> {
    return [...this.#balancers.values()].map(({ ref }) => ref);
  }

  /** The next call that changes something fails with this error; said several times, so many calls fail. */
  failNext(error: Error): void {
    this.#failures.push(error);
  }

  /** The endpoint that a connection to this address and port reaches, in turn; undefined when it is refused. */
  route(address: string, port: number): ServiceEndpoint | undefined {
    for (const balancer of this.#balancers.values()) {
      const spec = balancer.service.spec;
      const served = balancer.address === address || spec?.clusterIP === address;
      const target = served && spec?.ports?.find((p) => p.port === port);
      if (target) return nextReady(balancer, target);
    }
    return undefined;
  }

  #addressOf({ uid }: ServiceRef): string {
    const known = this.#addresses.get(uid);
    if (known) return known;
    const n = this.#addresses.size + 1;
    const address = n < 255 ? `203.0.113.${n}` : `198.18.${n >> 8}.${n & 255}`;
    this.#addresses.set(uid, address);
    return address;
  }

  #failIfAsked(): void {
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}

function nextReady(balancer: Balancer, port: ServicePort): ServiceEndpoint | undefined {
  const ready = balancer.endpoints.filter((e) => e.ready && e.portName === (port.name ?? ''));
  return ready[balancer.turn++ % ready.length];
}
