import { randomUUID } from 'node:crypto';
import { type ChannelOptions, DataChannel } from './channel.ts';

const tickMs = 500;

/** As the API answers who asked for a session. */
export interface Session {
  streamUrl: string;
  tokenValue: string;
}

/** Connects to a session: its channel, and how to leave it. */
export function connectSession(
  { streamUrl, tokenValue }: Session,
  events: Pick<ChannelOptions, 'output' | 'ended' | 'flag'>,
): { channel: DataChannel; leave(): void } {
  const remote = new WebSocket(streamUrl);
  remote.binaryType = 'arraybuffer';
  const channel = new DataChannel({
    socket: { send: (data) => remote.send(data as string), close: () => remote.close() },
    token: tokenValue,
    uuid: randomUUID,
    now: Date.now,
    ...events,
  });
  const ticking = setInterval(() => channel.tick(), tickMs);
  remote.addEventListener('open', () => channel.open());
  remote.addEventListener('message', ({ data }) => {
    try {
      channel.receive(new Uint8Array(data as ArrayBuffer));
    } catch {
      remote.close();
    }
  });
  remote.addEventListener('close', () => {
    clearInterval(ticking);
    channel.closed();
  });
  return { channel, leave: () => remote.close() };
}
