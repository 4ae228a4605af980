import type { IncomingMessage } from 'node:http';
import { asked, connected, type Towards } from './outgoing.ts';

/** A place that reads so slowly that this much of a request waits for it gets no more of it, in bytes. */
const mostWaiting = 1_048_576;

/** Sends a copy of a request somewhere. Its answer is dropped, and the client never waits for it. */
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
  const connection = await connected(request, target, left.signal);
  if (!connection || left.signal.aborted) {
    write = () => {};
    waiting.length = 0;
    return void connection?.destroy();
  }
  const outgoing = asked(request, connection, target, false);
  left.signal.addEventListener('abort', () => outgoing.destroy());
  outgoing.on('error', () => {}).once('response', (answer) => answer.on('error', () => {}).resume());
  write = (chunk) => {
    if (outgoing.destroyed) return;
    outgoing.write(chunk);
    if (outgoing.writableLength > mostWaiting) outgoing.destroy();
  };
  for (const chunk of waiting.splice(0)) write(chunk);
  end = () => void outgoing.end();
  if (isOver) outgoing.end();
}
