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
import { type Listening, openPorts } from './address.ts';
import { Router } from './router.ts';

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
  listening: Listening;
  /** Says who has been told that it is served at other ports than usual. */
  told: Set<string>;
}

const farewellMs = 1_000;

/** Serves Ingresses by routers in this process, one for each logical cluster, on loopback addresses. */
export class LocalIngresses implements Ingresses {
  readonly isRouter = true;
  readonly #options: LocalIngressesOptions;
  readonly #served = new Map<string, Promise<Served>>();

  constructor(options: LocalIngressesOptions) {
    this.#options = options;
  }

  async ensure(ref: IngressRef, members: IngressMember[]): Promise<IngressOutcome> {
    const opening = this.#served.get(ref.uid) ?? this.#open(ref);
    this.#served.set(ref.uid, opening);
    try {
      const served = await opening;
      const notices = [...served.router.update(members), ...elsewhere(served, members)];
      return { points: [served.listening.point], refused: new Map(), ...(notices.length && { notices }) };
    } catch (error) {
      this.#served.delete(ref.uid);
      throw error;
    }
  }

  async remove({ uid }: IngressRef): Promise<void> {
    const opening = this.#served.get(uid);
    this.#served.delete(uid);
    if (!opening) return;
    const { router } = await opening;
    await Promise.all([router.http, router.https].map((server) => closed(server, router)));
  }

  async list(): Promise<IngressRef[]> {
    return (await Promise.all(this.#served.values())).map(({ ref }) => ref);
  }

  /** A Pod's address went away with its network: requests that wait for it end. */
  async podGone(address: string): Promise<void> {
    for (const served of this.#served.values()) (await served).router.podGone(address);
  }

  async close(): Promise<void> {
    for (const ref of await this.list()) await this.remove(ref);
  }

  async #open(ref: IngressRef): Promise<Served> {
    const { clock, balancerCidr, demand } = this.#options;
    const useOf = (namespace: string, name: string) => demand?.of({ cluster: ref.cluster, namespace, name });
    const router = new Router(clock, this.#options.reached, useOf);
    const listening = await openPorts(router, balancerCidr, `ingresses ${ref.uid}`);
    return { ref, router, listening, told: new Set() };
  }
}

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

/** Requests under way may end; connections that stay open are cut. */
function closed(server: Router['http'], router: Router): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => router.cut(), farewellMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
