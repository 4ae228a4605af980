import type { RemoteClient } from './client.ts';
import { clientFrom, parsed } from './fromRequests.ts';

/** One HTTP exchange; the composition root supplies the transport with its certificates. */
export type Exchange = (request: {
  method: string;
  /** Path below the server's URL. */
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array;
}) => Promise<{ status: number; body: Uint8Array }>;

export interface HttpClientOptions {
  exchange: Exchange;
  /** Bearer token, when the exchange carries no client certificate. */
  token?: string;
  /** First part is the field manager. */
  userAgent: string;
}

/** The client over HTTP, for programs outside the server's process. The logical cluster is part of the server's URL. */
export const httpClient = ({ exchange, token, userAgent }: HttpClientOptions): RemoteClient =>
  clientFrom(async (method, path, body, contentType = 'application/json') => {
    const answer = exchange({
      method,
      path,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': contentType }),
      },
      ...(body && { body: Buffer.from(JSON.stringify(body)) }),
    });
    return parsed(await answer);
  });
