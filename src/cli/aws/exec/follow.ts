import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { finish, protocol, streams, write } from '../../../shared/streams/channels.ts';
import { acceptWebSocket } from '../../../shared/streams/websocket/server.ts';

/** An attach as far as there can be one: what the container writes from now on, from its log. */
export async function follow(request: IncomingMessage, socket: Duplex, log: IncomingMessage): Promise<void> {
  const kubectl = acceptWebSocket(request, socket, protocol, {
    message: () => {},
    closed: () => log.destroy(),
  });
  try {
    for await (const chunk of log) await write(kubectl, streams.stdout, chunk);
    finish(kubectl, 0);
  } catch {
    finish(kubectl, undefined, 'the log was cut off');
  }
}
