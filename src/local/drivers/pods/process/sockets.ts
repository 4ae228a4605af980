import { readdir, readFile, readlink } from 'node:fs/promises';
import { pauses } from '../worker/pauses.ts';

/** A TCP socket that listens. */
export interface ListeningSocket {
  /** Empty: every address. */
  address: string;
  port: number;
  inode: string;
}

/** Returns what listens in the network of a process; undefined where the system does not tell. */
export async function listeningSockets(pid: number | 'self'): Promise<ListeningSocket[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'latin1').catch(() => '')),
  );
  return tables
    .join('\n')
    .split('\n')
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [host = '', port = ''] = local.split(':');
      return state === listening
        ? [{ address: addressOf(host), port: Number.parseInt(port, 16), inode }]
        : [];
    });
}

/** Tells the inodes of the sockets that processes hold. */
export async function* socketsOf(pids: number[]): AsyncGenerator<string> {
  const pause = pauses();
  for (const pid of pids)
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      await pause();
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
      if (inode) yield inode;
    }
}

const listening = '0A';
/** An IPv4 address in IPv6 follows it. */
const mapped = '0000000000000000FFFF0000';

/** Groups of four bytes stand there with the last byte first. An address of IPv6 stays as the system writes it. */
function addressOf(hex: string): string {
  if (/^0+$/.test(hex)) return '';
  const own = hex.startsWith(mapped) ? hex.slice(mapped.length) : hex;
  if (own.length !== 8) return own;
  return own
    .match(/../g)!
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}
