import { readFileSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { parse } from 'yaml';

export interface Answer {
  status: number;
  bytes: number;
  text: string;
}

/** Calls per second and latencies of one measurement. */
export interface Rate {
  perSecond: number;
  p50ms: number;
  p99ms: number;
  failed: number;
}

interface Kubeconfig {
  'current-context': string;
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
}

/** A keep-alive HTTPS client for any Kubernetes endpoint: it measures shallop and the reference alike. */
export class LoadClient {
  readonly #base: RequestOptions;
  /** The certificate of the authority that signed the server's own, as PEM. */
  readonly authority: Buffer | undefined;
  readonly #tls: { secureContext: SecureContext };
  readonly #authorization: { authorization?: string };
  readonly #agent: Agent;
  readonly #prefix: string;

  constructor(kubeconfigFile: string) {
    const config = parse(readFileSync(kubeconfigFile, 'utf8')) as Kubeconfig;
    const context = config.contexts.find(({ name }) => name === config['current-context'])!.context;
    const cluster = config.clusters.find(({ name }) => name === context.cluster)!.cluster;
    const user = config.users.find(({ name }) => name === context.user)!.user;
    const pem = (from: Record<string, string>, key: string) => {
      const data = from[`${key}-data`];
      if (data) return Buffer.from(data, 'base64');
      return from[key] ? readFileSync(from[key]) : undefined;
    };
    const url = new URL(cluster.server!);
    this.authority = pem(cluster, 'certificate-authority');
    // Made once: of certificates and keys as options, Node's agent builds and hashes the name of a connection at each
    // request, which takes as long as they are.
    this.#tls = {
      secureContext: createSecureContext({
        ca: this.authority,
        cert: pem(user, 'client-certificate'),
        key: pem(user, 'client-key'),
      }),
    };
    this.#authorization = user.token ? { authorization: `Bearer ${user.token}` } : {};
    this.#agent = new Agent({ keepAlive: true, maxSockets: 64, ...this.#tls });
    this.#base = { hostname: url.hostname, port: url.port };
    this.#prefix = url.pathname.replace(/\/$/, '');
  }

  /** Where to connect to without speaking. */
  get address(): ConnectionOptions {
    const { hostname, port } = this.#base;
    return { host: hostname ?? '', port: Number(port), ...this.#tls };
  }

  /** One request; `keep` false counts the answer's bytes without holding them. */
  call(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
    keep = true,
    accept = 'application/json',
  ): Promise<Answer> {
    const data = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const headers = {
      accept,
      ...this.#authorization,
      ...(data && { 'content-type': type, 'content-length': Buffer.byteLength(data) }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { ...this.#base, agent: this.#agent, path: this.#prefix + path, method, headers },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (keep) chunks.push(chunk);
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, bytes, text: Buffer.concat(chunks).toString() }),
          );
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(data);
    });
  }

  /** A watch on its own connection; the function returned ends it. */
  watch(path: string, onEvent: (event: { type: string; object: unknown }) => void): () => void {
    const outgoing = request(
      {
        ...this.#base,
        ...this.#tls,
        agent: false,
        path: this.#prefix + path,
        headers: this.#authorization,
      },
      (response) => {
        let rest = '';
        response.setEncoding('utf8');
        response.on('error', () => {});
        response.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop()!;
          for (const line of lines) onEvent(JSON.parse(line));
        });
      },
    );
    outgoing.on('error', () => {});
    outgoing.end();
    return () => outgoing.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** `count` calls, `concurrency` at a time. */
export async function measure(
  count: number,
  concurrency: number,
  one: (index: number) => Promise<Answer>,
): Promise<Rate> {
  let next = 0;
  let failed = 0;
  const latencies: number[] = [];
  const started = performance.now();
  const worker = async () => {
    while (next < count) {
      const index = next++;
      const begun = performance.now();
      const { status } = await one(index);
      latencies.push(performance.now() - begun);
      if (status >= 300) failed++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - started) / 1000;
  return {
    perSecond: Math.round(count / seconds),
    p50ms: percentile(latencies, 0.5),
    p99ms: percentile(latencies, 0.99),
    failed,
  };
}

export function percentile(values: number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number(
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN).toFixed(2),
  );
}

/** The middle one, as a whole number. */
export const median = (values: number[]): number => Math.round(percentile(values, 0.5));

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
