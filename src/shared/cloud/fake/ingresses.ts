import type { Ingress, IngressLoadBalancerIngress } from '../../kinds/schema/types.ts';
import type { IngressEndpoints, Ingresses, IngressRef } from '../provider.ts';

interface Served {
  ref: IngressRef;
  ingress: Ingress;
  backends: IngressEndpoints[];
}

/**
 * Ingresses in memory: each is reached at `<name>.<namespace>.ingress.test`. `served` tells what was asked, `route` where
 * a request would go, by full hosts and prefixes only.
 */
export class FakeIngresses implements Ingresses {
  readonly served = new Map<string, Served>();
  readonly #failures: Error[] = [];

  async ensure(
    ref: IngressRef,
    ingress: Ingress,
    backends: IngressEndpoints[],
  ): Promise<IngressLoadBalancerIngress[]> {
    this.#failIfAsked();
    this.served.set(ref.uid, { ref, ingress, backends });
    return [{ hostname: hostnameOf(ref) }];
  }

  async remove(ref: IngressRef): Promise<void> {
    this.#failIfAsked();
    this.served.delete(ref.uid);
  }

  async list(): Promise<IngressRef[]> {
    return [...this.served.values()].map(({ ref }) => ref);
  }

  /** The next call that changes something fails with this error; said several times, so many calls fail. */
  failNext(error: Error): void {
    this.#failures.push(error);
  }

  /** `address:port` of an endpoint, or a status; undefined where nobody is. */
  route(hostname: string, host: string, path: string): string | undefined {
    const found = [...this.served.values()].find(({ ref }) => hostnameOf(ref) === hostname);
    if (!found) return undefined;
    const { rules = [], defaultBackend } = found.ingress.spec ?? {};
    const [longest] = rules
      .filter((rule) => !rule.host || rule.host === host)
      .flatMap(({ http }) => http?.paths ?? [])
      .filter((p) => `${path}/`.startsWith(`${p.path?.replace(/\/$/, '')}/`))
      .sort((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0));
    const service = (longest?.backend ?? defaultBackend)?.service;
    if (!service) return '404';
    const port = service.port?.name || service.port?.number;
    const backend = found.backends.find((b) => b.service === service.name && b.port === port);
    const endpoint = backend?.endpoints.find((e) => e.ready);
    return endpoint ? `${endpoint.address}:${endpoint.port}` : '503';
  }

  #failIfAsked(): void {
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}

const hostnameOf = ({ name, namespace }: IngressRef) => `${name}.${namespace}.ingress.test`;
