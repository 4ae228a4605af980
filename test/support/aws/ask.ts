import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { StreamingFront } from '../../../tools/emulator/streamingFront.ts';

export interface Asked {
  status: number;
  headers: IncomingMessage['headers'];
  /** The body's next piece; undefined at its end. Rejects when it was cut. */
  next(): Promise<string | undefined>;
  /** All of the rest. */
  text(): Promise<string>;
  /** Leaves without reading on. */
  leave(): void;
}

export interface Question {
  token?: string;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
}

/** Sends `GET /api/v1/…` to a front; resolves with the headers of the answer. */
export function ask(
  { url, ca }: StreamingFront,
  line: string,
  { token, headers, body }: Question = {},
): Promise<Asked> {
  const [method, path] = line.split(' ');
  const authorization = token && { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const sent = request(
      url + path,
      { method, ca, agent: false, headers: { ...authorization, ...headers } },
      (answer) => {
        const pieces = answer.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
        const next = async () => (await pieces.next()).value as string | undefined;
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          next,
          text: async () => {
            let all = '';
            for (let piece = await next(); piece !== undefined; piece = await next()) all += piece;
            return all;
          },
          leave: () => sent.destroy(),
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
