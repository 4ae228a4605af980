import { type IncomingMessage, request as plainly } from 'node:http';
import { request as secretly } from 'node:https';
import { table } from '../../shared/meta/table.ts';
import type { ProgramAt } from './activator.ts';
import { type HeldAnswer, type HeldRequest, longestAnswer, plainAnswer } from './message.ts';

const connectMs = 2_000;

/**
 * Sends a request to a program, and reads its answer for so many milliseconds and as far as it can be passed on; undefined
 * when it did not accept the connection.
 */
export function send(
  { address, port, isSecure }: ProgramAt,
  { method, path, headers, body }: HeldRequest,
  withinMs: number,
): Promise<HeldAnswer | undefined> {
  return new Promise((resolve) => {
    const late = AbortSignal.timeout(Math.max(0, withinMs));
    const options = {
      host: address,
      port,
      method,
      path,
      headers: listOf(headers, body),
      setHost: false,
      agent: false,
      signal: late,
    };
    // As a load balancer does: whose certificate it is does not matter inside the network.
    const sent = isSecure ? secretly({ ...options, rejectUnauthorized: false }) : plainly(options);
    let isHeard = false;
    let isAnswered = false;
    const patience = setTimeout(() => sent.destroy(new Error('nobody accepts')), connectMs);
    sent.once('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isHeard = true;
        clearTimeout(patience);
      }),
    );
    sent.on('error', () => {
      clearTimeout(patience);
      if (!isAnswered) resolve(isHeard ? unanswered(late) : undefined);
    });
    sent.once('response', async (answer) => {
      isAnswered = true;
      resolve(await answerOf(answer, late));
    });
    sent.end(body);
  });
}

/** Names and values in turn: each as often as it came. */
const listOf = (headers: HeldRequest['headers'], { length }: Buffer): string[] => [
  ...Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value])),
  ...(length > 0 ? ['content-length', String(length)] : []),
];

const unanswered = ({ aborted }: AbortSignal): HeldAnswer =>
  aborted
    ? plainAnswer(504, 'Gateway Timeout', 'the program behind did not answer in time')
    : plainAnswer(502, 'Bad Gateway', 'the program behind did not answer');

async function answerOf(answer: IncomingMessage, late: AbortSignal): Promise<HeldAnswer> {
  const head = headOf(answer);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      // Leaving the loop ends the connection.
      if (size > longestAnswer) return { ...head, body: Buffer.concat(parts), isCut: true };
    }
  } catch {
    return late.aborted
      ? { ...head, body: Buffer.concat(parts), isCut: true }
      : plainAnswer(502, 'Bad Gateway', 'the program behind ended in the midst of its answer');
  }
  return { ...head, body: Buffer.concat(parts) };
}

function headOf(answer: IncomingMessage): Omit<HeldAnswer, 'body'> {
  const headers: Record<string, string[]> = table({});
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    const name = answer.rawHeaders[i]!.toLowerCase();
    headers[name] = [...(headers[name] ?? []), answer.rawHeaders[i + 1]!];
  }
  return { status: answer.statusCode ?? 502, statusText: answer.statusMessage ?? '', headers };
}
