import type { Server } from 'node:net';
import type { Clock } from '../../../shared/clock/clock.ts';
import type {
  Ingresses,
  IngressMember,
  IngressNotice,
  IngressOutcome,
  IngressRef,
} from '../../../shared/ports/cloud.ts';
import type { LocalDemand } from '../network/demand/index.ts';
import type { Reached } from '../podNetwork.ts';
import { closed } from '../router/listening.ts';
import { Router } from '../router/router.ts';
import { ServedRouters } from '../router/servedRouters.ts';
import { type Listening, openPorts, usual } from './address.ts';
import { type CertificateOwner, routingOf } from './routing.ts';

export interface LocalIngressesOptions {
  clock: Clock;
  /** Routers get their addresses here: `127.96.0.0/16`. */
  balancerCidr: string;
  /** Counts how Services are used. Absent: nobody asks. */
  demand?: LocalDemand;
  /** Absent: endpoints are reached at their own addresses. */
  reached?: Reached;
}

interface Served {
  ref: IngressRef;
  router: Router;
  servers: Record<'http' | 'https', Server>;
  listening: Listening;
  /** Says who has been told that it is served at other ports than usual. */
  told: Set<string>;
}

/** Serves Ingresses by routers in this process, one for each logical cluster, on loopback addresses. */
export class LocalIngresses extends ServedRouters<IngressRef, Served> implements Ingresses {
  readonly isRouter = true;
  readonly #options: LocalIngressesOptions;

  constructor(options: LocalIngressesOptions) {
    super();
    this.#options = options;
  }

  async ensure(ref: IngressRef, members: IngressMember[]): Promise<IngressOutcome> {
    const opening = this.served.get(ref.uid) ?? this.#open(ref);
    this.served.set(ref.uid, opening);
    try {
      const served = await opening;
      const { routing, owners } = routingOf(members);
      const unusable = [...served.router.update(routing)].map(([certificate, error]) =>
        notUsable(owners.get(certificate)!, error),
      );
      // One for several hosts is told of once.
      const told = new Map(unusable.map((notice) => [`${notice.uid} ${notice.message}`, notice]));
      const notices = [...told.values(), ...elsewhere(served, members)];
      return { points: [served.listening.point], refused: new Map(), ...(notices.length && { notices }) };
    } catch (error) {
      this.served.delete(ref.uid);
      throw error;
    }
  }

  async remove({ uid }: IngressRef): Promise<void> {
    const opening = this.served.get(uid);
    this.served.delete(uid);
    if (!opening) return;
    const { router, servers } = await opening;
    await Promise.all(Object.values(servers).map((server) => closed(server, () => router.cut())));
  }

  async #open(ref: IngressRef): Promise<Served> {
    const { clock, balancerCidr, demand } = this.#options;
    const useOf = (namespace: string, name: string) => demand?.of({ cluster: ref.cluster, namespace, name });
    const router = new Router(clock, this.#options.reached, useOf);
    const servers = { http: router.server(usual.http, false), https: router.server(usual.https, true) };
    const listening = await openPorts(servers, balancerCidr, `ingresses ${ref.uid}`);
    return { ref, router, servers, listening, told: new Set() };
  }
}

const notUsable = ({ uid, secret }: CertificateOwner, { message }: Error): IngressNotice => ({
  uid,
  type: 'Warning',
  reason: 'CertificateNotUsable',
  message: `the certificate of Secret ${secret} cannot be used: ${message}`,
});

function elsewhere({ listening: { point, why }, told }: Served, members: IngressMember[]): IngressNotice[] {
  if (!why) return [];
  const [http, https] = point.ports ?? [];
  const message = `served at http://${point.ip}:${http?.port} and https://${point.ip}:${https?.port}: ${why}`;
  return members.flatMap(({ ingress: { metadata } }): IngressNotice[] => {
    const { uid = '' } = metadata;
    if (told.has(uid)) return [];
    told.add(uid);
    return [{ uid, type: 'Normal', reason: 'ServedElsewhere', message }];
  });
}
