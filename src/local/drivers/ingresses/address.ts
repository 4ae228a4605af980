import type { AddressInfo, Server } from 'node:net';
import type { IngressLoadBalancerIngress } from '../../../shared/kinds/schema/types.ts';
import { candidates, parseCidr } from '../network/addresses.ts';
import { listen, listenSpare, words } from '../router/listening.ts';

/** Describes where a router listens. */
export interface Listening {
  point: IngressLoadBalancerIngress;
  /** Says why it is not an address of its own with the usual ports. */
  why?: string;
}

export const usual = { http: 80, https: 443 };
const shared = '127.0.0.1';
const mostTries = 8;

/**
 * Opens both servers on the usual ports of an address that `seed` chooses, so that it is the same after a restart; where
 * this machine does not allow that, on free ports of 127.0.0.1, chosen likewise.
 */
export async function openPorts(
  { http, https }: { http: Server; https: Server },
  balancerCidr: string,
  seed: string,
): Promise<Listening> {
  let tried = 0;
  for (const address of candidates(parseCidr(balancerCidr), seed)) {
    if (++tried > mostTries) break;
    const code = await listen(http, address, usual.http);
    if (code === 'EADDRINUSE') continue;
    if (code) return { point: await openSpares(http, https, seed), why: words(code) };
    const second = await listen(https, address, usual.https);
    if (!second) return { point: pointOf(address, http, https) };
    await close(http);
  }
  return { point: await openSpares(http, https, seed), why: 'no address is free' };
}

async function openSpares(http: Server, https: Server, seed: string): Promise<IngressLoadBalancerIngress> {
  for (const [name, server] of Object.entries({ http, https }))
    await listenSpare(server, shared, `${seed} ${name}`);
  return pointOf(shared, http, https);
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

const pointOf = (ip: string, http: Server, https: Server): IngressLoadBalancerIngress => ({
  ip,
  ports: [http, https].map((server) => ({ port: portOf(server), protocol: 'TCP' as const })),
});

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));
