import { createServer, type Socket } from 'node:net';
import { listenAt, placeAt, type SocketsAt } from '../../sockets.ts';
import type { Backends } from './backends.ts';
import { Connection } from './connection.ts';
import type { ConnectionOptions } from './options.ts';

/** An open door: an address and port whose traffic goes to the Backends it was opened with. */
export interface Listener {
  address: string;
  port: number;
  /** Takes nothing new: who comes is refused by the system. Resolves when the last of what came through has ended. */
  stop(): Promise<void>;
  /** Closes the door and cuts what came through it. Resolves when the port is free. */
  close(): Promise<void>;
}

/** Rejects with the system's error (`code`: EADDRINUSE, EACCES, EADDRNOTAVAIL). Port 0 takes a free one. */
export async function listenTcp(
  address: string,
  port: number,
  backends: Backends,
  { socketsAt, ...options }: ConnectionOptions & { socketsAt?: SocketsAt | undefined },
): Promise<Listener> {
  const connections = new Set<Connection>();
  const server = createServer(
    { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
    (client: Socket) => {
      const connection = new Connection(client, backends, options);
      connections.add(connection);
      client.once('close', () => connections.delete(connection));
    },
  );
  await listenAt(server, placeAt(socketsAt, address, port), 1024);
  const bound = server.address();
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    address,
    port: typeof bound === 'object' && bound ? bound.port : port,
    stop,
    close: () => {
      const stopped = stop();
      for (const connection of connections) connection.destroy();
      return stopped;
    },
  };
}
