import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handle } from '../../shared/api/http/message.ts';
import { table } from '../../shared/meta/table.ts';
import type { RuntimeNode } from '../../shared/ports/cloud.ts';
import { replaceFile } from '../datafolder/index.ts';
import type { Place } from '../drivers/podNetwork.ts';
import { placeAt, type SocketsAt } from '../drivers/sockets.ts';
import { readablePortError } from '../portError.ts';
import { type Acceptor, createAcceptor, type TransportOptions } from '../transport/index.ts';
import { isOfPort, type OpenPort, openAt } from './ports.ts';

/** Describes the ports of a plane's Nodes, on which each answers as its kubelet does. */
export interface KubeletPorts {
  /** The port of a Node; 0 where it has none. */
  portOf(node: string): number;
  close(): Promise<void>;
}

export interface KubeletOptions {
  nodes: readonly RuntimeNode[];
  /** The port of the first Node; undefined: the one that it had last, else 10250 or, where that is taken, any free one. */
  wanted: number | undefined;
  /** The address that the API listens on. */
  bind: string;
  /** Where ports are remembered, so that Nodes keep theirs. */
  folder: string;
  tls: TransportOptions['tls'];
  /** Says in which network addresses are. Absent: all are this machine's. */
  socketsAt?: SocketsAt | undefined;
  handle(node: string): Handle;
  onError(error: unknown): void;
  /** Is told of an address of a Node at which its port is not served. */
  warn(line: string): void;
}

const usualPort = 10_250;

/**
 * Opens a port for each Node, as all have the same addresses. Rejects when the port that was asked for cannot be had, or the
 * address is not there; a Node for which nobody asked for a port is without one where none can be had, which is told.
 */
export async function openKubeletPorts(options: KubeletOptions): Promise<KubeletPorts> {
  const { nodes, wanted, folder } = options;
  if (wanted === 0) return { portOf: () => 0, close: async () => {} };
  const file = join(folder, 'kubelet-ports.json');
  const before = await remembered(file);
  const open = new Map<string, OpenPort>();
  const acceptors = new Map<string, Acceptor>();
  const close = async () => {
    for (const each of open.values()) each.close();
    await Promise.all(Array.from(acceptors.values(), (each) => each.close()));
  };
  for (const [i, node] of nodes.entries()) {
    const { name } = node;
    const asked = i === 0 ? wanted : undefined;
    const candidates = asked === undefined ? [before[name] ?? (i === 0 ? usualPort : 0), 0] : [asked];
    try {
      open.set(name, await openFor(node, candidates, options, acceptors));
    } catch (error) {
      if (asked !== undefined || !isOfPort(error)) {
        await close();
        throw readablePortError(error, {
          port: candidates[0] ?? 0,
          bind: options.bind,
          flag: '--kubelet-port',
          isOptional: true,
        });
      }
      options.warn(`kubelet       has no port for node ${name}: ${(error as Error).message}`);
    }
  }
  const ports = { ...before };
  for (const [name, { port }] of open) ports[name] = port;
  if (JSON.stringify(ports) !== JSON.stringify(before)) await replaceFile(file, JSON.stringify(ports));
  return { portOf: (node) => open.get(node)?.port ?? 0, close };
}

/** What speaks TLS is made for the first who comes: most Nodes are asked by nobody. */
function openFor(
  node: RuntimeNode,
  candidates: readonly number[],
  { bind, socketsAt, tls, handle, onError, warn }: KubeletOptions,
  acceptors: Map<string, Acceptor>,
): Promise<OpenPort> {
  const { name } = node;
  return openAt({
    places: placesOf(node, bind, socketsAt),
    candidates,
    accept: (socket) => {
      const acceptor = acceptors.get(name) ?? createAcceptor({ handle: handle(name), tls, onError });
      acceptors.set(name, acceptor);
      acceptor.accept(socket);
    },
    missing: (host, error) => warn(`kubelet       does not answer at ${host}: ${error.message}`),
  });
}

/** Where the API listens, and where Pods reach the Node. */
function placesOf(
  { addresses }: RuntimeNode,
  bind: string,
  socketsAt: SocketsAt | undefined,
): Omit<Place, 'port'>[] {
  const internal = addresses.find(({ type }) => type === 'InternalIP')?.address;
  const first = { host: bind };
  if (!internal || internal === bind) return [first];
  const { port: _, ...place } = placeAt(socketsAt, internal, 0);
  // Every address of this machine is served already, but not those of another network.
  return ['0.0.0.0', '::'].includes(bind) && !place.by ? [first] : [first, place];
}

async function remembered(file: string): Promise<Record<string, number>> {
  try {
    return table(JSON.parse(await readFile(file, 'utf8')) as Record<string, number>);
  } catch {
    // The first start, or a file that a killed process left half written: ports are chosen anew.
    return table({});
  }
}
