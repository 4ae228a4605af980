import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as https } from 'node:https';
import { nodeHttp } from '../../local/drivers/nodeHttp.ts';
import type { Token } from './credentials.ts';

const { Agent: HttpAgent, request: http } = nodeHttp;

export interface UpstreamOptions {
  /** `https://…/stage` */
  endpoint: string;
  newToken(): Promise<Token>;
  now(): number;
}

/** A cluster on AWS, asked with tokens that are always fresh. */
export interface Upstream {
  /** Begins a request; its caller ends it, and is told the answer. */
  send(
    method: string,
    path: string,
    headers: Record<string, string | string[] | undefined>,
  ): Promise<{ sent: ClientRequest; answer: Promise<IncomingMessage> }>;
  close(): void;
}

/** A token is good for so long at least when it is sent. */
const marginMs = 60_000;

export function openUpstream({ endpoint, newToken, now }: UpstreamOptions): Upstream {
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const prefix = pathname.replace(/\/$/, '');
  const [request, agent] =
    protocol === 'http:'
      ? ([http, new HttpAgent({ keepAlive: true })] as const)
      : ([https, new HttpsAgent({ keepAlive: true })] as const);
  let token: Promise<Token> | undefined;
  const authorization = async () => {
    if (token && (await token).expiresAt - now() < marginMs) token = undefined;
    token ??= newToken();
    token.catch(() => {
      token = undefined;
    });
    return `Bearer ${(await token).token}`;
  };
  return {
    send: async (method, path, headers) => {
      const all = { ...headers, authorization: await authorization() };
      // Never resolved as a URL: a path may begin with two slashes, and must not lead the token to another host.
      const sent = request({ protocol, hostname, port, path: prefix + path, method, headers: all, agent });
      const answer = new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve);
        sent.once('error', reject);
      });
      // The caller learns of a failure from `sent` or from `answer`.
      answer.catch(() => {});
      return { sent, answer };
    },
    close: () => agent.destroy(),
  };
}
