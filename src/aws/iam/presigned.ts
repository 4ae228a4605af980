import { isStsHost } from './stsHosts.ts';

/** Describes what a token holds: a request to STS that its bearer signed, and that only STS can check. */
export interface Presigned {
  url: URL;
  /** Milliseconds since the epoch after which STS will refuse it. */
  expiresAt: number;
  accessKeyId: string;
}

export const tokenPrefix = 'k8s-aws-v1.';
/** Signed with the request, so that a token for one cluster says nothing to another. */
export const clusterHeader = 'x-k8s-aws-id';
const longestToken = 4_096;
const livesMs = 15 * 60_000;

const parameters = [
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
];

/**
 * Reads a token by the rules of aws-iam-authenticator. Whatever is not exactly a presigned GetCallerIdentity is refused
 * with the reason as text: the URL will be called, so nothing in it may lead elsewhere or mean two things.
 */
export function readToken(
  token: string,
  { region, now }: { region: string; now: number },
): Presigned | string {
  if (token.length > longestToken) return 'the token is too long';
  if (!token.startsWith(tokenPrefix)) return `the token does not begin with ${tokenPrefix}`;
  const encoded = token.slice(tokenPrefix.length);
  if (!/^[\w-]+$/.test(encoded)) return 'the token is not base64url';
  // Strict before it is parsed: parsers differ about user names, ports, back-slashes and white space.
  const [, host = '', query = ''] =
    /^https:\/\/([a-z0-9.-]+)\/\?([\w.~%&=+*-]+)$/.exec(
      Buffer.from(encoded, 'base64url').toString('latin1'),
    ) ?? [];
  if (!host) return 'the token holds no https URL of STS';
  if (!isStsHost(host, region)) return `${host} is no STS of this partition`;
  const values = valuesOf(query);
  if (typeof values === 'string') return values;
  const problem = problemOf(values, now);
  if (problem) return problem;
  const expiresAt = dateOf(values)! + livesMs;
  const accessKeyId = values.get('x-amz-credential')?.split('/')[0] ?? '';
  return { url: new URL(`https://${host}/?${query}`), expiresAt, accessKeyId };
}

/** By lower-case name: STS reads `Action` and `action` alike, so only one of them may be there. */
function valuesOf(query: string): Map<string, string> | string {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = name.toLowerCase();
    if (!parameters.includes(known)) return `the parameter ${JSON.stringify(name)} is not allowed`;
    if (values.has(known)) return `the parameter ${JSON.stringify(name)} is repeated`;
    values.set(known, value);
  }
  return values;
}

function problemOf(values: Map<string, string>, now: number): string | undefined {
  if (values.get('action') !== 'GetCallerIdentity') return 'the action is not GetCallerIdentity';
  const signed = values.get('x-amz-signedheaders')?.toLowerCase().split(';') ?? [];
  if (!signed.includes(clusterHeader)) return `the header ${clusterHeader} is not signed`;
  const expires = values.get('x-amz-expires') ?? '';
  if (!/^\d{1,3}$/.test(expires) || Number(expires) > 900) return 'X-Amz-Expires is not between 0 and 900';
  const date = dateOf(values);
  if (date === undefined) return 'X-Amz-Date is not a time';
  return now > date + livesMs ? 'the token has expired' : undefined;
}

function dateOf(values: Map<string, string>): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(values.get('x-amz-date') ?? '') ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
