import { belonging, readProcessTable } from './processTable.ts';
import { runEnvironment } from './runFolder.ts';
import { type ListeningSocket, listeningSockets, socketsOf } from './sockets.ts';

/** Returns where programs of a Pod listen, known by the folder of its runs; undefined where the system does not tell. */
export async function portsHeldIn(folder: string): Promise<ListeningSocket[] | undefined> {
  const pids = belonging(await readProcessTable(runEnvironment), [folder], []);
  const held = new Set<string>();
  for await (const inode of socketsOf(pids)) held.add(inode);
  const found = new Map<string, ListeningSocket>();
  // What keeps their pipes is not in their network.
  for (const pid of ['self', ...pids] as const) {
    const sockets = await listeningSockets(pid);
    if (!sockets) return undefined;
    for (const socket of sockets) if (held.has(socket.inode)) found.set(socket.inode, socket);
  }
  return [...found.values()];
}
