import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { greetingOf } from './clientHello.ts';
import { connected, type Reachable } from './outgoing.ts';

/** A client may take so long to greet, in milliseconds. */
const greetingMs = 10_000;

/** Returns where connections for a name go; undefined for nowhere. */
type PlaceFor = (name: string) => Reachable | undefined;

/** A server that hands on connections by the name that their clients greet with, TLS and all. */
export function createPassthroughServer(placeFor: PlaceFor): Server {
  return createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => client.destroy());
    client.setTimeout(greetingMs, () => client.destroy());
    const look = () => {
      const said: Buffer | null = client.read();
      if (!said) return;
      client.unshift(said);
      const greeting = greetingOf(said);
      if (greeting === 'incomplete') return;
      client.off('readable', look).setTimeout(0);
      const place = greeting === 'foreign' ? undefined : placeFor(greeting.name);
      if (place) void join(client, place);
      else reject(client);
    };
    client.on('readable', look);
    client.once('end', () => {
      if (client.listeners('readable').includes(look)) client.destroy();
    });
  });
}

/** A server that ends TLS and hands on what is inside. */
export function createDecryptingServer(options: TlsOptions, placeFor: PlaceFor): Server {
  return createTlsServer({ ...options, allowHalfOpen: true }, (client: TLSSocket) => {
    client.on('error', () => client.destroy());
    const place = placeFor((client.servername || '').toLowerCase());
    if (place) void join(client, place);
    else client.destroy();
  }).on('tlsClientError', () => {});
}

/**
 * Resets a connection that leads nowhere: its client is told so, where an end could be that of an answer. What was said over TLS
 * ends as TLS does.
 */
function reject(client: Socket): void {
  if (client instanceof TLSSocket) client.destroy();
  else client.resetAndDestroy();
}

/** Joins a client and a program until both have ended, or either is gone. */
async function join(client: Socket, place: Reachable): Promise<void> {
  const left = new AbortController();
  const endUse = place.backends.use?.begin();
  client.once('close', () => {
    left.abort();
    endUse?.();
  });
  const found = await connected(client.remoteAddress ?? '', place, left.signal);
  const program = 'socket' in found && found.socket;
  if (!program || client.destroyed) {
    if (program) program.destroy();
    return reject(client);
  }
  program.on('error', () => client.destroy());
  program.once('close', () => client.destroy());
  client.once('close', () => program.destroy());
  program.pipe(client);
  client.pipe(program);
}
