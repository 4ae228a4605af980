import type { Duplex } from 'node:stream';
import { badRequest } from '../../../errors/common.ts';
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
 * Forwards ports over `v4.channel.k8s.io`, as clients in other languages than Go do it: one connection to each, with a
 * channel for its data and one to tell an error on, both beginning with the port. `pod` is for the words of an error.
 */
export async function overPortChannels(
  connection: Duplex,
  ports: number[],
  connect: (port: number) => Promise<Duplex>,
  pod: string,
): Promise<void> {
  const connected = ports.map((port) => connect(port).catch((error: Error) => error));
  const client = speakWebSocket(connection, {
    async message(data) {
      const socket = await connected[data[0]! >> 1];
      if (data[0]! % 2 === 0 && socket && !(socket instanceof Error)) await writeTo(socket, data.subarray(1));
    },
    closed: () => {
      for (const each of connected) void each.then((socket) => socket instanceof Error || socket.destroy());
    },
  });
  const send = (channel: number, bytes: Uint8Array) =>
    client.send('binary', Buffer.concat([Buffer.from([channel]), bytes]));

  async function forward(port: number, index: number): Promise<void> {
    for (const channel of [2 * index, 2 * index + 1])
      await send(channel, Buffer.from([port & 255, port >> 8]));
    const socket = await connected[index]!;
    try {
      if (socket instanceof Error) throw socket;
      for await (const bytes of socket) await send(2 * index, bytes);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      await send(2 * index + 1, Buffer.from(`error forwarding port ${port} to ${pod}: ${why}`));
    }
  }
  await Promise.all(ports.map(forward));
  client.close(1000);
}
