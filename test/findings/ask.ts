import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { SecureContextOptions } from 'node:tls';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import type { Plane } from '../support/plane.ts';

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

interface Question {
  body?: unknown;
  headers?: Record<string, string | string[]>;
  /** The client certificate; the administrator's unless it is said, none with null. */
  client?: SecureContextOptions | null;
}

/** No answer within so many milliseconds means that the server is held up. No answer takes a hundredth of it. */
export const patienceMs = 15_000;

export type Ask = (line: string, question?: Question) => Promise<Reply>;

/** Sends `POST /api/v1/…` to the API of a plane over a connection of its own. */
export const askOf =
  (plane: Plane): Ask =>
  async (line, { body, headers = {}, client } = {}) => {
    const { server, ca, certificate, key } = await endpointOf(
      { kubeconfig: plane.kubeconfig },
      { env: {}, cwd: '/' },
    );
    const { hostname, port } = new URL(server);
    const [method = '', path = ''] = line.split(' ');
    const bytes = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const options = {
      ...{ hostname, port, method, path, ca, agent: false },
      ...(client === undefined ? { cert: certificate, key } : client),
      headers: { ...(bytes && { 'content-type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(patienceMs),
    };
    return new Promise((resolve, reject) => {
      const unanswered = (cause: unknown) => reject(new Error(`${line}: no answer`, { cause }));
      request(options, async (response) => {
        const said = await text(response).catch(() => undefined);
        if (said === undefined) return unanswered(options.signal.reason);
        resolve({ status: response.statusCode!, headers: response.headers, text: said, json: parsed(said) });
      })
        .once('error', unanswered)
        .end(bytes);
    });
  };

const parsed = (said: string) => {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
};
