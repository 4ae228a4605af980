import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IngressLoadBalancerIngress } from '../../../shared/kinds/schema/types.ts';
import { candidates, hash, parseCidr } from '../network/addresses.ts';

/** Describes where a router listens. */
export interface Listening {
  point: IngressLoadBalancerIngress;
  /** Says why it is not an address of its own with the usual ports. */
  why?: string;
}

const usual = { http: 80, https: 443 };
const shared = '127.0.0.1';
const mostTries = 8;
/** Says where free ports of the shared address are looked for. */
const firstSpare = 20_000;
const spares = 10_000;

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
  for (const [name, server] of Object.entries({ http, https })) await openSpare(server, `${seed} ${name}`);
  return pointOf(shared, http, https);
}

async function openSpare(server: Server, seed: string): Promise<void> {
  const start = hash(seed) % spares;
  for (let i = 0; i < spares; i++)
    if (!(await listen(server, shared, firstSpare + ((start + i) % spares)))) return;
  throw new Error(`no free port on ${shared}`);
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

const pointOf = (ip: string, http: Server, https: Server): IngressLoadBalancerIngress => ({
  ip,
  ports: [http, https].map((server) => ({ port: portOf(server), protocol: 'TCP' as const })),
});

/** Answers the system's error code when it cannot. */
function listen(server: Server, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      server.on('error', () => {});
      resolve(undefined);
    });
  });
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

const words = (code: string): string =>
  code === 'EACCES'
    ? 'ports 80 and 443 need more rights (on Linux see net.ipv4.ip_unprivileged_port_start)'
    : code === 'EADDRNOTAVAIL'
      ? 'this machine has no further loopback addresses'
      : code;
