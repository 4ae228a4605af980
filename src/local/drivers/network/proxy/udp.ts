import type { RemoteInfo, Socket } from 'node:dgram';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { bindAt, datagramsTo, placeAt, type SocketsAt } from '../../sockets.ts';
import { type Backends, type EndpointUser, keyOf } from './backends.ts';
import type { MayJoin } from './dial.ts';
import type { Listener } from './listener.ts';

/** A client's datagrams go to one endpoint until it was silent so long (milliseconds). */
const sessionMs = 60_000;
const maxSessions = 10_000;

interface Session extends EndpointUser {
  /** Resolves when datagrams can be sent; to nothing where they cannot. */
  upstream: Promise<Socket | undefined>;
  usedAt: number;
  close(): void;
}

/**
 * Forwards datagrams, one session for each client address and port. An endpoint that is no longer ready loses its
 * sessions: the next datagram goes to another. Without a ready endpoint datagrams are dropped, as UDP may.
 */
export async function listenUdp(
  address: string,
  port: number,
  backends: Backends,
  {
    clock,
    socketsAt,
    mayJoin = () => true,
  }: { clock: Clock; socketsAt?: SocketsAt | undefined; mayJoin?: MayJoin },
): Promise<Listener> {
  const server = await bindAt(placeAt(socketsAt, address, port));
  const sessions = new Map<string, Session>();
  const open = (id: string, client: RemoteInfo): Session | undefined => {
    const endpoint = sessions.size < maxSessions ? pickFor(client.address, backends, mayJoin) : undefined;
    if (!endpoint) return undefined;
    let isClosed = false;
    const close = () => {
      if (isClosed) return;
      isClosed = true;
      sessions.delete(id);
      backends.leave(session);
      void upstream.then((socket) => socket?.close());
    };
    const upstream = datagramsTo(backends.placeOf(endpoint, 'udp')).then(
      (socket) => {
        socket.on('error', close);
        socket.on('message', (message) => {
          session.usedAt = clock.now();
          if (!isClosed) server.send(message, client.port, client.address);
        });
        return socket;
      },
      () => void close(),
    );
    const session = {
      endpointKey: keyOf(endpoint),
      upstream,
      usedAt: 0,
      close,
      drain: close,
      cut: close,
      lost: close,
    };
    sessions.set(id, session);
    backends.join(session);
    return session;
  };
  server.on('message', (message, client) => {
    // Nobody can be answered at port 0, which raw packets may come from.
    if (client.port === 0) return;
    const id = `${client.address}:${client.port}`;
    const session = sessions.get(id) ?? open(id, client);
    if (!session) return;
    session.usedAt = clock.now();
    void session.upstream.then((socket) => sessions.get(id) === session && socket?.send(message));
  });
  const sweep = setInterval(() => {
    for (const session of sessions.values()) if (clock.now() - session.usedAt > sessionMs) session.close();
  }, sessionMs / 4);
  sweep.unref();
  const { port: bound } = server.address();
  let closed: Promise<void> | undefined;
  const close = () => {
    clearInterval(sweep);
    for (const session of [...sessions.values()]) session.close();
    closed ??= new Promise((resolve) => server.close(() => resolve()));
    return closed;
  };
  return { address, port: bound, stop: close, close };
}

/** The next endpoint that the client may speak to. */
function pickFor(client: string, backends: Backends, mayJoin: MayJoin) {
  const tried = new Set<string>();
  for (;;) {
    const endpoint = backends.pick(client, tried);
    if (!endpoint || mayJoin(client, endpoint)) return endpoint;
    tried.add(keyOf(endpoint));
  }
}
