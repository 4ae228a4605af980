import { readdir, readFile, readlink } from 'node:fs/promises';
import { pauses } from '../worker/pauses.ts';

/** Sockets that listen on a port, by their inodes. */
export interface Listeners {
  /** On this very address. */
  here: string[];
  /** On every address. */
  everywhere: string[];
}

/** Who would be asked by a connection to this address; undefined where the system does not tell. */
export async function listenersOn(address: string, port: number): Promise<Listeners | undefined> {
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
export async function holdsOneOf(pids: number[], inodes: string[]): Promise<boolean> {
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
