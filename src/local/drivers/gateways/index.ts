import type { Server } from 'node:net';
import type { Clock } from '../../../shared/clock/clock.ts';
import type {
  GatewayOutcome,
  GatewayRef,
  Gateways,
  RoutedPort,
  Routing,
} from '../../../shared/ports/cloud.ts';
import type { LocalDemand } from '../network/demand/index.ts';
import type { Reached } from '../podNetwork.ts';
import { refKey } from '../refKey.ts';
import { closed } from '../router/listening.ts';
import { Router } from '../router/router.ts';
import { ServedRouters } from '../router/servedRouters.ts';
import { isOurs, type Opened, openAddress, openPort } from './ports.ts';

export interface LocalGatewaysOptions {
  clock: Clock;
  /** Gateways get their addresses here: `127.96.0.0/16`. */
  balancerCidr: string;
  /** Counts how Services are used. Absent: nobody asks. */
  demand?: LocalDemand;
  /** Absent: endpoints are reached at their own addresses. */
  reached?: Reached;
}

interface Served {
  ref: GatewayRef;
  router: Router;
  address: string;
  /** The address that its owner asked for. */
  asked: string | undefined;
  ports: Map<number, Opened & { server: Server; kind: string }>;
}

/** Serves Gateways by routers in this process, one for each, on loopback addresses. */
export class LocalGateways extends ServedRouters<GatewayRef, Served> implements Gateways {
  readonly #options: LocalGatewaysOptions;
  /** Addresses in use. */
  readonly #taken = new Set<string>();

  constructor(options: LocalGatewaysOptions) {
    super();
    this.#options = options;
  }

  async ensure(
    ref: GatewayRef,
    routing: Routing,
    addresses: readonly string[] = [],
  ): Promise<GatewayOutcome> {
    const [address, ...others] = addresses;
    const standing = await this.served.get(refKey(ref));
    if (standing && standing.asked !== address) await this.remove(ref);
    if (others.length || (address !== undefined && !this.#mayHave(address, standing))) {
      await this.remove(ref);
      return { ports: new Map() };
    }
    const opening = this.served.get(refKey(ref)) ?? this.#open(ref, routing, address);
    this.served.set(refKey(ref), opening);
    try {
      const served = await opening;
      await follow(served, routing);
      served.router.update(routing);
      return { address: served.address, ports: served.ports };
    } catch (error) {
      await this.remove(ref).catch(() => {});
      throw error;
    }
  }

  async remove(ref: GatewayRef): Promise<void> {
    const key = refKey(ref);
    const opening = this.served.get(key);
    this.served.delete(key);
    if (!opening) return;
    const { router, ports, address } = await opening;
    await Promise.all([...ports.values()].map(({ server }) => closed(server, () => router.cut())));
    // Nothing leads to its Services any more.
    router.update({ ports: [], backends: new Map() });
    this.#taken.delete(address);
  }

  #mayHave(address: string, standing: Served | undefined): boolean {
    if (!isOurs(address, this.#options.balancerCidr)) return false;
    return standing?.address === address || !this.#taken.has(address);
  }

  async #open(ref: GatewayRef, { ports }: Routing, asked: string | undefined): Promise<Served> {
    const { clock, balancerCidr, reached, demand } = this.#options;
    const router = new Router(clock, reached, (namespace, name) =>
      demand?.of({ cluster: ref.cluster, namespace, name }),
    );
    const served: Served = { ref, router, address: asked ?? '', asked, ports: new Map() };
    if (asked !== undefined) {
      this.#taken.add(asked);
      return served;
    }
    const servers = ports.map((each) => ({
      port: each.port,
      kind: kindOf(each),
      server: router.server(each.port, each.isSecure, each.streams),
    }));
    const isTaken = (address: string) => this.#taken.has(address);
    const { address, opened } = await openAddress(servers, { balancerCidr, seed: seedOf(ref), isTaken });
    served.address = address;
    this.#taken.add(address);
    for (const each of servers) tell(served, each, opened.get(each.port)!);
    return served;
  }
}

/** A port of another kind takes another server. */
const kindOf = (port: RoutedPort | undefined): string => `${port?.isSecure} ${port?.streams}`;

const seedOf = (ref: GatewayRef) => `gateway ${ref.cluster === 'default' ? ref.uid : refKey(ref)}`;

/** Opens and closes ports until those of the routing are served, and no others. */
async function follow(served: Served, { ports }: Routing): Promise<void> {
  const { router } = served;
  const wanted = new Map(ports.map((each) => [each.port, each]));
  for (const [port, { server, kind }] of served.ports)
    if (kindOf(wanted.get(port)) !== kind) {
      served.ports.delete(port);
      router.forget(port);
      // Those who are still served there do not hold up the others.
      const ended = closed(server, () => router.cut(server));
      if (wanted.has(port)) await ended;
    }
  for (const [port, each] of wanted) {
    if (served.ports.has(port)) continue;
    const server = router.server(port, each.isSecure, each.streams);
    tell(
      served,
      { port, kind: kindOf(each), server },
      await openPort({ port, server }, served.address, seedOf(served.ref)),
    );
  }
}

function tell(
  { router, ports }: Served,
  { port, kind, server }: { port: number; kind: string; server: Server },
  opened: Opened,
): void {
  ports.set(port, { ...opened, server, kind });
  router.isReachedAt(port, opened.port);
}
