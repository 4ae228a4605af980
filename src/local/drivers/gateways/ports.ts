import type { Server } from 'node:net';
import { candidates, contains, parseCidr } from '../network/addresses.ts';
import { listen, listenSpare, words } from '../router/listening.ts';

/** A server of a Gateway with the port that the Gateway gives it. */
export interface Wanted {
  port: number;
  server: Server;
}

/** Says where one answers, and why there, if not at its own port. */
export interface Opened {
  port: number;
  why?: string;
}

const shared = '127.0.0.1';
const mostTries = 8;
/** What another port of the same address cures. */
const needsRights = 'EACCES';

/**
 * Chooses an address by `seed`, so that it is the same after a restart, and opens the servers there: each at its port,
 * or at a free one where this machine does not give that port away. Where it has no further addresses, at free ports of
 * 127.0.0.1.
 */
export async function openAddress(
  wanted: readonly Wanted[],
  { balancerCidr, seed, isTaken }: { balancerCidr: string; seed: string; isTaken(address: string): boolean },
): Promise<{ address: string; opened: Map<number, Opened> }> {
  let tried = 0;
  for (const address of candidates(parseCidr(balancerCidr), seed)) {
    if (isTaken(address)) continue;
    if (++tried > mostTries) break;
    const codes = new Map<number, string | undefined>();
    for (const { port, server } of wanted) codes.set(port, await listen(server, address, port));
    const failed = [...codes.values()].filter((code) => code !== undefined && code !== needsRights);
    if (!failed.length) return { address, opened: await openRest(wanted, codes, address, seed) };
    await Promise.all(wanted.filter(({ port }) => !codes.get(port)).map(({ server }) => close(server)));
    if (!failed.includes('EADDRINUSE')) {
      const refused = new Map(wanted.map(({ port }) => [port, codes.get(port) ?? failed[0]]));
      return { address: shared, opened: await openRest(wanted, refused, shared, seed) };
    }
  }
  const refused = new Map(wanted.map(({ port }) => [port, 'EADDRINUSE']));
  return { address: shared, opened: await openRest(wanted, refused, shared, seed) };
}

/** Opens one more server at an address that is in use. */
export async function openPort({ port, server }: Wanted, address: string, seed: string): Promise<Opened> {
  const code = await listen(server, address, port);
  return code ? elsewhere({ port, server }, code, address, seed) : { port };
}

/** Returns whether somebody may ask for the address. */
export const isOurs = (address: string, balancerCidr: string): boolean =>
  contains(parseCidr(balancerCidr), address);

async function openRest(
  wanted: readonly Wanted[],
  codes: ReadonlyMap<number, string | undefined>,
  address: string,
  seed: string,
): Promise<Map<number, Opened>> {
  const opened = new Map<number, Opened>();
  for (const each of wanted) {
    const code = codes.get(each.port);
    opened.set(each.port, code ? await elsewhere(each, code, address, seed) : { port: each.port });
  }
  return opened;
}

const elsewhere = async ({ port, server }: Wanted, code: string, address: string, seed: string) => ({
  port: await listenSpare(server, address, `${seed} ${port}`),
  why: words(code),
});

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));
