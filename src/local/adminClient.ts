import { Agent, request } from 'node:https';
import type { RemoteClient } from '../shared/client/client.ts';
import { type Exchange, httpClient } from '../shared/client/http.ts';
import { readPki } from './pki/index.ts';
import { version } from './version.ts';

/** Requests to the control plane that serves `folder` at `url`, with the administrator's certificate from the folder. */
export async function adminExchange(folder: string, url: string): Promise<Exchange> {
  const pki = await readPki(folder);
  if (!pki) throw new Error(`${folder} holds no certificates: is it a data folder of shallop?`);
  const agent = new Agent({ ca: pki.ca, cert: pki.admin.certificate, key: pki.admin.key });
  return ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      // Said explicitly, since without it the body of a DELETE would be sent with no end.
      const framed = { ...headers, 'content-length': body?.length ?? 0 };
      const outgoing = request(`${url}${path}`, { method, agent, headers: framed }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

/** A client for it. */
export const adminClient = async (folder: string, url: string): Promise<RemoteClient> =>
  httpClient({ exchange: await adminExchange(folder, url), userAgent: `shallop/${version}` });
