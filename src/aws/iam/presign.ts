import { createHash, createHmac } from 'node:crypto';
import { clusterHeader, tokenPrefix } from './presigned.ts';
import { stsHost } from './stsHosts.ts';

export interface SigningCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface PresignOptions {
  credentials: SigningCredentials;
  region: string;
  clusterId: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** STS ignores it and takes a request for a quarter of an hour; old verifiers want at most a minute. */
const expires = 60;

/** A token that proves to one cluster who holds the credentials: a GetCallerIdentity, signed and not sent. */
export const presignedToken = (options: PresignOptions): string =>
  tokenPrefix + Buffer.from(presignedUrl(options)).toString('base64url');

/** Signature version 4 in the query. */
export function presignedUrl({ credentials, region, clusterId, now }: PresignOptions): string {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const host = stsHost(region);
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/sts/aws4_request`;
  const signedHeaders = `host;${clusterHeader}`;
  const query = canonicalQuery({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expires),
    ...(sessionToken && { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': signedHeaders,
  });
  const headers = `host:${host}\n${clusterHeader}:${clusterId}\n`;
  const request = ['GET', '/', query, headers, signedHeaders, sha256('')].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  return `https://${host}/?${query}&X-Amz-Signature=${hmac(key, text).toString('hex')}`;
}

const canonicalQuery = (values: Record<string, string>) =>
  Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join('&');

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
