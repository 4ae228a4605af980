import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Credentials } from './credentials.ts';
import { acceptedManifests, manifestBytes } from './manifest.ts';
import type { Reference } from './reference.ts';

/** Repositories of a registry, by the distribution protocol. */
export interface Registry {
  /** The text of a manifest by tag or digest, with the digest that the registry gives it. Throws PullError. */
  manifest(reference: string): Promise<{ text: Buffer; digest?: string }>;
  blob(digest: string): Promise<Readable>;
}

/** Describes why a pull failed, in a container runtime's words. */
export class PullError extends Error {}

/**
 * Returns where the registry of a name is asked, in this order. `docker.io` is the name and not the address of Docker
 * Hub.
 */
export function endpointsOf(
  domain: string,
  mirrors: Record<string, string[]>,
): { url: string; isMirror: boolean }[] {
  const own = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(domain);
  const at = (isMirror: boolean) => (url: string) => ({ url: url.replace(/\/+$/, ''), isMirror });
  return [
    ...(mirrors[domain] ?? []).map(at(true)),
    ...(isLoopback ? [`http://${own}`, `https://${own}`] : [`https://${own}`]).map(at(false)),
  ];
}

/** One registry at one address. Tokens are asked for when the registry says so, and kept as long as this is. */
export function openRegistry(
  endpoint: string,
  { domain, path }: Pick<Reference, 'domain' | 'path'>,
  credentials?: Credentials,
): Registry {
  let authorization: string | undefined;
  const basic =
    credentials &&
    `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;

  const ask = async (part: string, accept: string): Promise<Response> => {
    const url = `${endpoint}/v2/${path}/${part}`;
    for (let tries = 0; ; tries++) {
      const response = await request(url, { accept, ...(authorization && { authorization }) });
      if (response.ok) return response;
      const challenge = response.headers.get('www-authenticate') ?? '';
      await response.body?.cancel();
      if (response.status !== 401 || tries > 0) throw refusal(response, url, `${domain}/${path}`, part);
      authorization = await authorize(challenge, path, basic);
      if (!authorization) throw refusal(response, url, `${domain}/${path}`, part);
    }
  };

  return {
    async manifest(reference) {
      const response = await ask(`manifests/${reference}`, acceptedManifests.join(', '));
      const text = await bounded(response, manifestBytes);
      const digest = response.headers.get('docker-content-digest');
      return { text, ...(digest && { digest }) };
    },
    async blob(digest) {
      const { body } = await ask(`blobs/${digest}`, '*/*');
      if (!body) throw new PullError(`blob ${digest} is empty`);
      return Readable.fromWeb(body as ReadableStream);
    },
  };
}

/** Answers the header for the next try; undefined when there is nothing to try. */
async function authorize(
  challenge: string,
  path: string,
  basic: string | undefined,
): Promise<string | undefined> {
  if (/^basic/i.test(challenge)) return basic;
  if (!/^bearer/i.test(challenge)) return undefined;
  const fields = Object.fromEntries(
    Array.from(challenge.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', value = '']) => [
      key.toLowerCase(),
      value,
    ]),
  );
  if (!fields.realm) return undefined;
  const url = new URL(fields.realm);
  if (fields.service) url.searchParams.set('service', fields.service);
  url.searchParams.set('scope', fields.scope ?? `repository:${path}:pull`);
  const response = await request(String(url), basic ? { authorization: basic } : {});
  if (!response.ok) {
    await response.body?.cancel();
    throw new PullError(
      `failed to authorize: failed to fetch ${basic ? 'oauth' : 'anonymous'} token: unexpected status from GET request to ${url}: ${response.status} ${response.statusText}`,
    );
  }
  const { token, access_token: other } = JSON.parse(String(await bounded(response, manifestBytes)));
  return `Bearer ${token ?? other}`;
}

function refusal({ status, statusText }: Response, url: string, repository: string, part: string): PullError {
  const [what, reference = ''] = part.split('/');
  const name = `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
  if (status === 404) return new PullError(`${what === 'manifests' ? name : reference}: not found`);
  if (status === 401 || status === 403)
    return new PullError(
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    );
  return new PullError(`unexpected status from GET request to ${url}: ${status} ${statusText}`);
}

async function request(url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers: { 'user-agent': 'shallop', ...headers } });
  } catch (error) {
    const why = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    throw new PullError(`failed to do request: Get "${url}": ${wordsOf(why, url)}`);
  }
}

function wordsOf(error: NodeJS.ErrnoException, url: string): string {
  const { host, hostname, port, protocol } = new URL(url);
  const address = port ? host : `${hostname}:${protocol === 'https:' ? 443 : 80}`;
  if (error.code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (error.code === 'ENOTFOUND') return `dial tcp: lookup ${hostname}: no such host`;
  if (error.code === 'EAI_AGAIN') return `dial tcp: lookup ${hostname}: Temporary failure in name resolution`;
  return error.message;
}

async function bounded(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) throw new PullError(`an answer of more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
