import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import { askedOverHttp2 } from './http2.ts';
import { asked, connected, type Towards } from './outgoing.ts';

/** A place that reads so slowly that this much of a request waits for it gets no more of it, in bytes. */
const mostWaiting = 1_048_576;

/** An answer may take so long once all of a request is sent, in milliseconds: nobody is there to lose patience. */
const answerMs = 60_000;

/**
 * Sends a copy of a request somewhere. Its answer is dropped, and the client never waits for it. A Service that sleeps gets
 * none.
 */
export async function mirror(request: IncomingMessage, target: Towards): Promise<void> {
  const waiting: Buffer[] = [];
  let size = 0;
  let write = (chunk: Buffer): void => {
    size += chunk.length;
    waiting.push(chunk);
    if (size > mostWaiting) left.abort();
  };
  let isOver = false;
  let end = (): void => {
    isOver = true;
  };
  const left = new AbortController();
  request.on('data', (chunk: Buffer) => write(chunk)).once('end', () => end());
  request.once('error', () => left.abort());
  const client = request.socket.remoteAddress ?? '';
  const found = await connected(client, { ...target, wakesNothing: true }, left.signal);
  const connection = 'socket' in found && found.socket;
  if (!connection || left.signal.aborted) {
    write = () => {};
    waiting.length = 0;
    return connection ? void connection.destroy() : undefined;
  }
  const outgoing: Writable = target.isHttp2
    ? askedOverHttp2(request, connection, target)
    : asked(request, connection, target, false);
  left.signal.addEventListener('abort', () => outgoing.destroy());
  outgoing
    .on('error', () => {})
    .once('response', (answer: Readable | object) => {
      const read = target.isHttp2 ? (outgoing as Duplex) : (answer as Readable);
      read.on('error', () => {}).resume();
    });
  write = (chunk) => {
    if (outgoing.destroyed) return;
    outgoing.write(chunk);
    if (outgoing.writableLength > mostWaiting) outgoing.destroy();
  };
  for (const chunk of waiting.splice(0)) write(chunk);
  const over = new AbortController();
  outgoing.once('close', () => over.abort());
  end = () => {
    outgoing.end();
    void target.clock.sleep(answerMs, over.signal).then(() => outgoing.destroy());
  };
  if (isOver) end();
}
