import { Agent, request } from 'node:https';
import { readPki } from './pki/index.ts';

/** Requests to a control plane on this machine, as its administrator. */
export interface AdminClient {
  /** Path and query; a body is sent as JSON. Resolves with any status. */
  request(method: string, path: string, body?: object): Promise<{ status: number; text: string }>;
}

/** A client for the control plane that serves `folder` at `url`; the folder holds the administrator's certificate. */
export async function adminClient(folder: string, url: string): Promise<AdminClient> {
  const pki = await readPki(folder);
  if (!pki) throw new Error(`${folder} holds no certificates: is it a data folder of shallop?`);
  const agent = new Agent({ ca: pki.ca, cert: pki.admin.certificate, key: pki.admin.key });
  return {
    request: (method, path, body) =>
      new Promise((resolve, reject) => {
        const headers = body ? { 'content-type': 'application/json' } : {};
        const outgoing = request(`${url}${path}`, { method, agent, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        });
        outgoing.on('error', reject);
        outgoing.end(body && JSON.stringify(body));
      }),
  };
}
