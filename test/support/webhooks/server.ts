import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority, makeServer } from '../../../src/local/pki/make.ts';
import type { AdmissionReview } from '../../../src/shared/kinds/schema/types.ts';

/** What a webhook does by the path that it is asked at. */
export type Behaviour = (review: AdmissionReview) => string;

export interface WebhookServer {
  /** `localhost:1234` */
  host: string;
  /** The same without TLS. */
  plainHost: string;
  port: number;
  /** PEM in base64, of the authority of its certificate. */
  caBundle: string;
  /** The same of the certificate itself. */
  ownBundle: string;
  /** What was asked, in order. */
  asked: { path: string; headers: Record<string, unknown>; review: AdmissionReview }[];
  /** Connections that were ever opened. */
  connections(): number;
  close(): Promise<void>;
}

/** A webhook that answers by its path: `/s503` with that code, `/hang` never, others by the table. */
export async function openWebhookServer(
  behaviours: ReadonlyMap<string, Behaviour>,
  names = ['localhost', '127.0.0.1'],
): Promise<WebhookServer> {
  const now = Date.now();
  const authority = await makeAuthority(now);
  const { server: pair } = await makeServer(authority, names, now);
  const asked: WebhookServer['asked'] = [];
  let connections = 0;

  const handle: Parameters<typeof createPlain>[1] = (request, response) => {
    const path = new URL(request.url ?? '', 'https://x').pathname.slice(1);
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as AdmissionReview;
      asked.push({ path: request.url ?? '', headers: request.headers, review });
      const [, form, code] = /^([sj])(\d+)$/.exec(path) ?? [];
      const answer = (status: number, type: string, text: string) =>
        response.writeHead(status, { 'content-type': type }).end(text);
      if (path === 'hang') return;
      if (path === 'slowbody') return void response.writeHead(200).write('{');
      if (path === 'reset') return request.socket.destroy();
      if (path === 'flood') return flood(response);
      if (path === 'redirect') return void response.writeHead(307, { location: '/deny' }).end();
      if (form)
        return answer(
          Number(code),
          form === 's' ? 'text/plain' : 'application/json',
          form === 's' ? 'the text' : '{"a":1}',
        );
      if (path === 'html') return answer(200, 'text/html', '<html>');
      if (path === 'status') return answer(403, 'application/json', forbidden);
      answer(200, 'application/json', behaviours.get(path)?.(review) ?? allowing(review));
    });
  };
  const secure = createServer({ cert: pair.certificate, key: pair.key }, handle);
  const plain = createPlain(handle);
  secure.on('secureConnection', () => connections++);
  const [port, plainPort] = await Promise.all([listening(secure), listening(plain)]);
  return {
    host: `localhost:${port}`,
    plainHost: `localhost:${plainPort}`,
    port,
    caBundle: Buffer.from(authority.certificate).toString('base64'),
    ownBundle: Buffer.from(pair.certificate).toString('base64'),
    asked,
    connections: () => connections,
    close: async () => {
      for (const server of [secure, plain]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listening(server: Server | ReturnType<typeof createPlain>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const forbidden = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message: 'go away',
  reason: 'Forbidden',
  code: 403,
});

/** Writes for ever, as fast as it is read. */
function flood(response: {
  write(text: string): boolean;
  once(event: string, next: () => void): unknown;
  destroyed: boolean;
}): void {
  const chunk = 'x'.repeat(65_536);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

/** The answer that lets a request pass, with what is added or changed. */
export const allowing = ({ request }: AdmissionReview, more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: request?.uid, allowed: true, ...more },
  });

/** What goes into an answer as a JSON patch. */
export const patching = (patch: unknown): { patchType: string; patch: string } => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(typeof patch === 'string' ? patch : JSON.stringify(patch)).toString('base64'),
});
