import type { Duplex } from 'node:stream';
import { badRequest } from '../../../errors/common.ts';
import { received, send } from '../../../streams/channels.ts';
import { speakWebSocket } from '../../../streams/websocket/speak.ts';
import { writeTo } from '../../../streams/write.ts';
import type { Query } from '../../http/target.ts';

/** Two channels each, which are told apart by a byte. */
const mostPorts = 127;

/** The ports that a client of channels names in its query. Throws BadRequest. */
export function portsIn(query: Query): number[] {
  const texts = query.all('ports').flatMap((each) => each.split(','));
  if (!texts.length) throw badRequest('query parameter "ports" is required');
  if (texts.length > mostPorts) throw badRequest(`at most ${mostPorts} ports can be forwarded at once`);
  return texts.map((text) => {
    const port = /^\d+$/.test(text) ? Number(text) : 0;
    if (port > 0 && port < 65_536) return port;
    throw badRequest(`unable to parse ${JSON.stringify(text)} as a port`);
  });
}

/**
 * Forwards ports over channels of a WebSocket, as clients in other languages than Go do it: one connection to each, with a
 * channel for its data and one to tell an error on, both beginning with the port. `pod` is for the words of an error.
 */
export async function overPortChannels(
  connection: Duplex,
  { ports, protocol }: { ports: number[]; protocol: string },
  connect: (port: number) => Promise<Duplex>,
  pod: string,
): Promise<void> {
  const connected = ports.map((port) => connect(port).catch((error: Error) => error));
  const client = speakWebSocket(connection, {
    async message(data) {
      const [channel = 1, bytes] = received(data, protocol);
      const socket = await connected[channel >> 1];
      if (channel % 2 === 0 && socket && !(socket instanceof Error)) await writeTo(socket, bytes);
    },
    closed: () => {
      for (const each of connected) void each.then((socket) => socket instanceof Error || socket.destroy());
    },
  });
  const tell = (channel: number, bytes: Uint8Array) => send(client, channel, bytes, protocol);

  async function forward(port: number, index: number): Promise<void> {
    for (const channel of [2 * index, 2 * index + 1])
      await tell(channel, Buffer.from([port & 255, port >> 8]));
    const socket = await connected[index]!;
    try {
      if (socket instanceof Error) throw socket;
      for await (const bytes of socket) await tell(2 * index, bytes);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      await tell(2 * index + 1, Buffer.from(`error forwarding port ${port} to ${pod}: ${why}`));
    }
  }
  await Promise.all(ports.map(forward));
  client.close(1000);
}
