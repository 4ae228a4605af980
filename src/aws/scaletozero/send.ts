import { type IncomingMessage, request as plainly } from 'node:http';
import { request as secretly } from 'node:https';
import { table } from '../../shared/meta/table.ts';
import type { ProgramAt } from './activator.ts';
import { type HeldAnswer, type HeldRequest, plainAnswer } from './message.ts';

const connectMs = 2_000;

/** Sends a request to a program; undefined when it did not accept the connection. */
export function send(
  { address, port, isSecure }: ProgramAt,
  { method, path, headers, body }: HeldRequest,
): Promise<HeldAnswer | undefined> {
  return new Promise((resolve) => {
    const options = {
      host: address,
      port,
      method,
      path,
      headers: listOf(headers, body),
      setHost: false,
      agent: false,
    };
    // As a load balancer does: whose certificate it is does not matter inside the network.
    const sent = isSecure ? secretly({ ...options, rejectUnauthorized: false }) : plainly(options);
    let isHeard = false;
    const patience = setTimeout(() => sent.destroy(new Error('nobody accepts')), connectMs);
    sent.once('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isHeard = true;
        clearTimeout(patience);
      }),
    );
    sent.once('error', () => {
      clearTimeout(patience);
      resolve(isHeard ? plainAnswer(502, 'Bad Gateway', 'the program behind did not answer') : undefined);
    });
    sent.once('response', async (answer) => {
      const parts = await answer.toArray().catch(() => undefined);
      if (parts) resolve(answerOf(answer, Buffer.concat(parts)));
      else resolve(plainAnswer(502, 'Bad Gateway', 'the program behind ended in the midst of its answer'));
    });
    sent.end(body);
  });
}

/** Names and values in turn: each as often as it came. */
const listOf = (headers: HeldRequest['headers'], { length }: Buffer): string[] => [
  ...Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value])),
  ...(length > 0 ? ['content-length', String(length)] : []),
];

function answerOf(answer: IncomingMessage, body: Buffer): HeldAnswer {
  const headers: Record<string, string[]> = table({});
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    const name = answer.rawHeaders[i]!.toLowerCase();
    headers[name] = [...(headers[name] ?? []), answer.rawHeaders[i + 1]!];
  }
  return { status: answer.statusCode ?? 502, statusText: answer.statusMessage ?? '', headers, body };
}
