import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { forwarding } from '../../../shared/streams/forwarding.ts';
import { tunnelled } from '../../../shared/streams/spdy/tunnel.ts';
import { acceptWebSocket } from '../../../shared/streams/websocket/server.ts';
import { connectSession, type Session } from '../session/connect.ts';
import { flags } from '../session/message.ts';
import { Mux } from './mux.ts';

export const forwardProtocol = 'SPDY/3.1+portforward.k8s.io';

interface Tunnel {
  connect(): Duplex;
  leave(): void;
}

/**
 * Joins kubectl's connections with the ports of a Pod: one session for each port, from the first connection on. `open`
 * has one opened; `pod` is for the words of an error.
 */
export function forward(
  request: IncomingMessage,
  socket: Duplex,
  pod: string,
  open: (port: number) => Promise<Session>,
): void {
  const tunnels = new Map<number, Promise<Tunnel>>();
  const tunnelTo = (port: number) => {
    const known = tunnels.get(port);
    if (known) return known;
    const over = () => void (tunnels.get(port) === tunnel && tunnels.delete(port));
    const tunnel = open(port).then((session) => tunnelOver(session, over));
    tunnels.set(port, tunnel);
    tunnel.catch(over);
    return tunnel;
  };
  const opened = forwarding(async (port) => (await tunnelTo(port)).connect(), pod);
  tunnelled((events) => acceptWebSocket(request, socket, forwardProtocol, events), opened);
  socket.once('close', () => {
    for (const tunnel of tunnels.values())
      tunnel.then(
        ({ leave }) => leave(),
        () => {},
      );
  });
}

function tunnelOver(session: Session, over: () => void): Tunnel {
  const mux = new Mux({ send: (bytes) => channel.input(bytes) });
  const { channel, leave } = connectSession(session, {
    output: (_stream, bytes) => mux.receive(bytes),
    flag: (flag) => void (flag === flags.connectFailed && mux.refused()),
    ended: ({ why = 'the session ended' }) => {
      over();
      mux.end(why);
    },
  });
  return {
    connect: () => mux.connect(),
    leave: () => {
      channel.terminate();
      leave();
    },
  };
}
