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

/** Does one of these processes hold one of these sockets? */
async function holdsOneOf(pids: number[], sockets: ListeningSocket[]): Promise<boolean> {
  const wanted = new Set(sockets.map(({ inode }) => inode));
  for await (const inode of socketsOf(pids)) if (wanted.has(inode)) return true;
  return false;
}
