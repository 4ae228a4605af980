import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPki } from '../../../src/local/pki/index.ts';
import { listen } from '../../../src/local/transport/index.ts';
import type { Handle } from '../../../src/shared/api/http/message.ts';

export interface ApiOverTls {
  /** `https://127.0.0.1:…` */
  url: string;
  /** Environment in which curl and wget trust the server's certificate, and those of no public authority. */
  trusting: Record<string, string>;
  close(): Promise<void>;
}

/** Serves an API where programs of this machine reach it, by a certificate of an authority that nobody knows. */
export async function serveOverTls(handle: Handle): Promise<ApiOverTls> {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-api-tls-'));
  const pki = await openPki(join(folder, 'pki'), ['127.0.0.1'], Date.now());
  const [ca, wgetrc] = [join(folder, 'ca.crt'), join(folder, 'wgetrc')];
  writeFileSync(ca, pki.ca);
  writeFileSync(wgetrc, `ca_certificate = ${ca}\n`);
  const errors: unknown[] = [];
  const transport = await listen({
    handle,
    bind: '127.0.0.1',
    port: 0,
    tls: pki.server,
    onError: (error) => errors.push(error),
  });
  return {
    url: `https://127.0.0.1:${transport.port}`,
    trusting: { CURL_CA_BUNDLE: ca, SSL_CERT_FILE: ca, WGETRC: wgetrc },
    close: async () => {
      await transport.close();
      rmSync(folder, { recursive: true, force: true });
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** What a shell says and how it ends. */
export const shell = (
  script: string,
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile('sh', ['-c', script], { env, ...(signal && { signal }) }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 128) : 0, output: stdout + stderr }),
    );
  });
