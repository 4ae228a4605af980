import type { Ingresses, IngressMember, IngressOutcome, IngressRef } from '../ports/cloud.ts';

interface Served {
  ref: IngressRef;
  members: IngressMember[];
}

/**
 * Ingresses in memory: each is reached at `<name>.<namespace>.ingress.test`, a group at `<name>.ingress.test`. `served`
 * tells what was asked, `route` where a request would go, by full hosts and prefixes only.
 */
export class FakeIngresses implements Ingresses {
  readonly served = new Map<string, Served>();
  /** Says why Ingresses of this UID cannot be had. */
  readonly refusing = new Map<string, Error>();
  readonly #failures: Error[] = [];

  async ensure(ref: IngressRef, all: IngressMember[]): Promise<IngressOutcome> {
    this.#failIfAsked();
    const uidOf = ({ ingress }: IngressMember) => ingress.metadata.uid ?? '';
    const members = all.filter((member) => !this.refusing.has(uidOf(member)));
    const refused = new Map(
      [...this.refusing].filter(([uid]) => all.some((member) => uidOf(member) === uid)),
    );
    if (members.length === 0) return { refused };
    this.served.set(ref.uid, { ref, members });
    return { points: [{ hostname: hostnameOf(ref) }], refused };
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
    const answers = found.members.flatMap((member) => routeIn(member, host, path) ?? []);
    return answers[0] ?? '404';
  }

  #failIfAsked(): void {
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}

function routeIn({ ingress, backends }: IngressMember, host: string, path: string): string | undefined {
  const { rules = [], defaultBackend } = ingress.spec ?? {};
  const [longest] = rules
    .filter((rule) => !rule.host || rule.host === host)
    .flatMap(({ http }) => http?.paths ?? [])
    .filter((p) => `${path}/`.startsWith(`${p.path?.replace(/\/$/, '')}/`))
    .sort((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0));
  const service = (longest?.backend ?? defaultBackend)?.service;
  if (!service) return undefined;
  const port = service.port?.name || service.port?.number;
  const backend = backends.find((b) => b.service === service.name && b.port === port);
  const endpoint = backend?.endpoints.find((e) => e.ready);
  return endpoint ? `${endpoint.address}:${endpoint.port}` : '503';
}

const hostnameOf = ({ name, namespace }: IngressRef) =>
  [name, namespace, 'ingress.test'].filter(Boolean).join('.');
