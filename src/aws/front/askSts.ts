import { request as http } from 'node:http';
import { request as https } from 'node:https';
import type { Ask } from '../iam/authenticator.ts';

const longestAnswer = 64 * 1024;

/**
 * Asks STS, or whatever stands at `endpoint` in its place; the host that was signed is named in either case. Redirects
 * are not followed: STS answers none.
 */
export const askSts =
  (endpoint?: string, longestMs = 10_000): Ask =>
  (url, headers) => {
    const target = endpoint ? new URL(`/${url.search}`, endpoint) : url;
    const send = target.protocol === 'http:' ? http : https;
    return new Promise((resolve, reject) => {
      const sent = send(
        target,
        { headers: { ...headers, host: url.host }, signal: AbortSignal.timeout(longestMs) },
        (answer) => {
          const chunks: Buffer[] = [];
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > longestAnswer) sent.destroy(new Error('the answer is too long'));
            else chunks.push(chunk);
          });
          answer.once('error', reject);
          answer.once('end', () =>
            resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.once('error', reject);
      sent.end();
    });
  };
