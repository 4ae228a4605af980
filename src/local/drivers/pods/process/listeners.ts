import { readdir, readFile, readlink } from 'node:fs/promises';
import { pauses } from '../worker/pauses.ts';

/** Sockets that listen on a port, by their inodes. */
interface Listeners {
  /** On this very address. */
  here: string[];
  /** On every address. */
  everywhere: string[];
}

/**
 * Returns whether a program listens on the address and port; true where the system does not tell.
 * @param isShared whether others use the address too: then only sockets of these processes count.
 */
export async function listensAt(
  address: string,
  port: number,
  { isShared, pids }: { isShared: boolean; pids(): Promise<number[]> },
): Promise<boolean> {
  const found = await listenersOn(address, port);
  if (!found) return true;
  // Nobody else is told this address; that of the machine is everybody's.
  if (!isShared && found.here.length) return true;
  const inodes = found.here.length ? found.here : found.everywhere;
  return inodes.length > 0 && holdsOneOf(await pids(), inodes);
}

/** Returns who would be asked by a connection to this address; undefined where the system does not tell. */
async function listenersOn(address: string, port: number): Promise<Listeners | undefined> {
  if (process.platform !== 'linux') return undefined;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')),
  );
  const own = address.split('.').map(Number).reverse().map(hex).join('');
  const found: Listeners = { here: [], everywhere: [] };
  for (const line of tables.join('\n').split('\n')) {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [host = '', portText = ''] = local.split(':');
    if (state !== listening || Number.parseInt(portText, 16) !== port) continue;
    if (/^0+$/.test(host)) found.everywhere.push(inode);
    // An IPv4 address in IPv6 ends with it.
    else if (host.endsWith(own)) found.here.push(inode);
  }
  return found;
}

/** Does one of these processes hold one of these sockets? */
async function holdsOneOf(pids: number[], inodes: string[]): Promise<boolean> {
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pause = pauses();
  for (const pid of pids)
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      await pause();
      if (wanted.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))) return true;
    }
  return false;
}

const listening = '0A';
const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0');
