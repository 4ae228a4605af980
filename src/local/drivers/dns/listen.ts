import { createServer, type Socket } from 'node:net';
import type { Place } from '../podNetwork.ts';
import { bindAt, listenAt, placeAt, type SocketsAt } from '../sockets.ts';
import { readMessages, withLength } from './framing.ts';
import type { Respond } from './respond.ts';

export interface DnsListener {
  close(): Promise<void>;
}

const mostConnections = 256;
/** Of one client: whoever holds all that it may leaves room for others. */
const mostOfOneClient = 32;
/** A connection on which nothing is asked is closed after this. */
const idleMs = 10_000;
/** Questions of one listener that are waited for at once: what comes beyond is lost, as datagrams may be. */
const mostUnderWay = 1024;

/** Answers on an address over UDP and TCP. Rejects with the system's error when one of them cannot be opened. */
export async function listenDns(
  address: string,
  port: number,
  respond: Respond,
  socketsAt?: SocketsAt,
): Promise<DnsListener> {
  const place = placeAt(socketsAt, address, port);
  const closeUdp = await listenUdp(place, respond);
  try {
    const closeTcp = await listenTcp(place, respond);
    return { close: async () => void (await Promise.all([closeUdp(), closeTcp()])) };
  } catch (error) {
    await closeUdp();
    throw error;
  }
}

async function listenUdp(place: Place, respond: Respond): Promise<() => Promise<void>> {
  const socket = await bindAt(place);
  let underWay = 0;
  let isOpen = true;
  socket.on('message', (query, client) => {
    if (underWay >= mostUnderWay) return;
    underWay++;
    respond(query, 'udp')
      .then((answer) => isOpen && answer && socket.send(answer, client.port, client.address))
      .catch(() => {})
      .finally(() => underWay--);
  });
  return () =>
    new Promise((resolve) => {
      isOpen = false;
      socket.close(() => resolve());
    });
}

async function listenTcp(place: Place, respond: Respond): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const { remoteAddress } = socket;
    const others = [...sockets].filter((other) => other.remoteAddress === remoteAddress);
    if (others.length >= mostOfOneClient) return void socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.setTimeout(idleMs, () => socket.destroy());
    readMessages(socket, async (query) => {
      const answer = await respond(query, 'tcp');
      if (answer) socket.write(withLength(answer));
      else socket.destroy();
    });
  });
  server.maxConnections = mostConnections;
  await listenAt(server, place);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}
