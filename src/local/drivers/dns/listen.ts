import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
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
export async function listenDns(address: string, port: number, respond: Respond): Promise<DnsListener> {
  const closeUdp = await listenUdp(address, port, respond);
  try {
    const closeTcp = await listenTcp(address, port, respond);
    return { close: async () => void (await Promise.all([closeUdp(), closeTcp()])) };
  } catch (error) {
    await closeUdp();
    throw error;
  }
}

async function listenUdp(address: string, port: number, respond: Respond): Promise<() => Promise<void>> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
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
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, resolve);
  }).catch((error: Error) => {
    socket.close();
    throw error;
  });
  socket.on('error', () => {});
  return () =>
    new Promise((resolve) => {
      isOpen = false;
      socket.close(() => resolve());
    });
}

async function listenTcp(address: string, port: number, respond: Respond): Promise<() => Promise<void>> {
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, resolve);
  });
  server.on('error', () => {});
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}
