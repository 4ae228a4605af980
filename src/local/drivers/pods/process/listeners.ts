import { readlink } from 'node:fs/promises';
import { type ListeningSocket, listeningSockets, socketsOf } from './sockets.ts';

interface Asking {
  /** Says whether others use the address too: then only sockets of these processes count. */
  isShared: boolean;
  /** A process in the network that has the address. */
  inNetworkOf: number | 'self';
  pids(): Promise<number[]>;
}

/**
 * Returns whether a program listens on the address and port; true where the system does not tell.
 */
export async function listensAt(
  address: string,
  port: number,
  { isShared, inNetworkOf, pids }: Asking,
): Promise<boolean> {
  const sockets = await listeningSockets(inNetworkOf);
  if (!sockets) return true;
  const at = (wanted: string) => sockets.filter((each) => each.port === port && each.address === wanted);
  const here = at(address);
  // Nobody else is told this address; that of the machine is everybody's.
  if (!isShared && here.length) return true;
  // Who listens on this very address is asked before who listens on every one.
  const asked = here.length ? here : at('');
  return asked.length > 0 && holdsOneOf(await pids(), asked);
}

/**
 * Returns whether a program listens on a port where a connection from within finds it, in the network of one of these
 * processes; true where the system does not tell.
 */
export async function listensOnLoopback(port: number, pids: number[]): Promise<boolean> {
  const seen = new Set<string>();
  for (const pid of pids) {
    const network = await readlink(`/proc/${pid}/ns/net`).catch(() => `that of ${pid}`);
    if (seen.has(network)) continue;
    seen.add(network);
    const sockets = await listeningSockets(pid);
    if (!sockets || sockets.some((each) => each.port === port && isFromWithin(each.address))) return true;
  }
  return false;
}

const isFromWithin = (address: string): boolean =>
  !address || address.startsWith('127.') || address === loopbackOfIPv6;

/** `::1`, as the system writes it. */
const loopbackOfIPv6 = '00000000000000000000000001000000';

/** Does one of these processes hold one of these sockets? */
async function holdsOneOf(pids: number[], sockets: ListeningSocket[]): Promise<boolean> {
  const wanted = new Set(sockets.map(({ inode }) => inode));
  for await (const inode of socketsOf(pids)) if (wanted.has(inode)) return true;
  return false;
}
