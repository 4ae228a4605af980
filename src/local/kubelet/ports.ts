import { createServer, type Server, type Socket } from 'node:net';
import type { Place } from '../drivers/podNetwork.ts';
import { listenAt } from '../drivers/sockets.ts';

/** Describes a port that is open at several addresses. */
export interface OpenPort {
  port: number;
  /** Takes no new connection. Resolves when the port is free but for connections, which go on. */
  close(): void;
}

/** Describes where a port is wanted. */
export interface WantedPort {
  /** At least one. An address that this machine does not have is told to `missing`, and the others are served. */
  places: readonly Omit<Place, 'port'>[];
  /** Tried in this order; 0 is any free one. */
  candidates: readonly number[];
  accept(socket: Socket): void;
  missing(host: string, error: Error): void;
}

/**
 * Is how many connections there may be at each address: strangers take no more files of this process than that, and what
 * follows logs or scrapes metrics are few.
 */
const mostConnections = 256;

/** Says how often another free port is looked for that all addresses have. */
const mostTries = 8;

/** Are what the next port may not be: one is in use, another kept for somebody else, as Windows keeps ranges of them. */
const notThisPort = ['EADDRINUSE', 'EACCES'];

/** Opens the first of the ports that may be had at all places. Rejects with the system's error when none may. */
export async function openAt(wanted: WantedPort): Promise<OpenPort> {
  let last: unknown;
  for (const port of wanted.candidates)
    for (let tries = 0; tries < (port === 0 ? mostTries : 1); tries++) {
      try {
        return await openAll(port, wanted);
      } catch (error) {
        if (!notThisPort.includes(codeOf(error) ?? '')) throw error;
        last = error;
      }
    }
  throw last;
}

async function openAll(asked: number, { places, accept, missing }: WantedPort): Promise<OpenPort> {
  const servers: Server[] = [];
  let port = asked;
  try {
    for (const place of places) {
      const server = createServer({ noDelay: true }, accept);
      server.maxConnections = mostConnections;
      try {
        await listenAt(server, { ...place, port });
      } catch (error) {
        if (servers.length === 0 || codeOf(error) === 'EADDRINUSE') throw error;
        missing(place.host, error as Error);
        continue;
      }
      servers.push(server);
      port = (server.address() as { port: number } | null)?.port ?? port;
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return {
    port,
    close: () => {
      for (const server of servers) server.close();
    },
  };
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
