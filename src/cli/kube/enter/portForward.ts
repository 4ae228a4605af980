import { createServer, type Server, type Socket } from 'node:net';
import { olderProtocol } from '../../../shared/streams/channels.ts';
import { writeTo } from '../../../shared/streams/write.ts';
import { UsageError } from '../../verb.ts';
import { query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { pathIn } from './exec.ts';
import { podOf } from './podOf.ts';
import { type Forwarded, portsOf } from './ports.ts';
import { endOn } from './talk.ts';
import { openWebSocket } from './webSocket.ts';

/** Listens on ports of this machine, and passes connections on to a Pod, until the user ends it. */
export async function runPortForward(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const [word, ...ports] = call.positionals;
  if (!word || !ports.length)
    throw new UsageError('TYPE/NAME and list of ports are required for port-forward');
  const { pod, object } = await podOf(scene, word);
  const forwarded = portsOf(ports, object, pod);
  const { phase } = pod.status ?? {};
  if (phase !== 'Running')
    throw new Error(`unable to forward port because pod is not running. Current status=${phase}`);
  const path = await pathIn(scene, pod, 'portforward');
  const servers: Server[] = [];
  try {
    for (const port of forwarded) servers.push(...(await listen(scene, port, path)));
    if (!servers.length)
      throw new Error(
        `unable to listen on any of the requested ports: [${forwarded.map(({ local, remote }) => `{${local} ${remote}}`).join(' ')}]`,
      );
    await aborted(io.interrupted);
    return 0;
  } finally {
    for (const server of servers) server.close();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** On every address that is asked for; `localhost` is two, of which one is enough. None when one cannot be had. */
async function listen({ call, io, ...scene }: Scene, port: Forwarded, path: string): Promise<Server[]> {
  const asked = call.texts('address').flatMap((text) => text.split(','));
  const isLocal = !asked.length || asked.includes('localhost');
  const named = new Set(asked.filter((each) => each !== 'localhost'));
  const addresses = new Set([...(isLocal ? localAddresses : []), ...named]);
  const servers: Server[] = [];
  const failures = new Map<string, string>();
  let { local } = port;
  for (const host of addresses) {
    const handle = (socket: Socket) => {
      io.out(`Handling connection for ${local}`);
      forward({ io, ...scene, call }, socket, { local, remote: port.remote }, path).catch((error) => {
        socket.destroy();
        if (!io.interrupted.aborted)
          io.err(`an error occurred forwarding ${local} -> ${port.remote}: ${error.message}`);
      });
    };
    const server = await listenAt(host, local, handle).catch((error: Error) => {
      failures.set(host, `unable to create listener: Error ${error.message}`);
    });
    if (!server) continue;
    servers.push(server);
    local = (server.address() as { port: number }).port;
    io.out(`Forwarding from ${host.includes(':') ? `[${host}]` : host}:${local} -> ${port.remote}`);
  }
  const isMissing = (host: string) => failures.has(host);
  if (![...named].some(isMissing) && !(isLocal && localAddresses.every(isMissing))) return servers;
  for (const server of servers) server.close();
  io.err(
    `Unable to listen on port ${port.local}: Listeners failed to create with the following errors: [${[...failures.values()].join(' ')}]`,
  );
  return [];
}

const localAddresses = ['127.0.0.1', '::1'];

const listenAt = (host: string, port: number, handle: (socket: Socket) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, handle);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => resolve(server));
  });

const [data, errors] = [0, 1];

/** A connection of its own for each: two channels, each of which begins with the number of the port. */
async function forward(
  { io, connection }: Scene,
  socket: Socket,
  { local, remote }: Forwarded,
  path: string,
): Promise<void> {
  socket.on('error', () => {});
  const begun = new Set<number>();
  const address = `${path}${query({ ports: remote })}`;
  const { end, socket: tunnel } = await openWebSocket(connection, address, [olderProtocol], () => ({
    message: async (message) => {
      const channel = message[0]!;
      const bytes = message.subarray(1);
      if (!begun.has(channel)) begun.add(channel);
      else if (channel === data) await writeTo(socket, bytes);
      else if (channel === errors)
        io.err(`an error occurred forwarding ${local} -> ${remote}: ${bytes.toString()}`);
    },
    closed: () => socket.end(),
  }));
  // The client's side ends too: one that does not answer to an end would hold the command up.
  const leaves = [tunnel, socket].map((each) => endOn(io.interrupted, each));
  const over = () => {
    for (const leave of leaves) leave();
    end.close(1000);
  };
  if (socket.destroyed) return over();
  socket.once('close', over);
  // What is sent after its end has nowhere to go, and the Pod may still answer.
  for await (const chunk of socket.iterator({ destroyOnReturn: false }))
    await end.send('binary', Buffer.concat([Buffer.from([data]), chunk]));
}
