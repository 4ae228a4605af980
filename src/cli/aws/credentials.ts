import { presignedToken, type SigningCredentials } from '../../aws/iam/presign.ts';

/** Credentials, and when they end if they do (milliseconds since the epoch). */
export interface Found extends SigningCredentials {
  expiresAt?: number;
}

/** Returns where the AWS CLI looks: environment, profiles, SSO, containers, instances. */
export async function awsCredentials(profile?: string): Promise<Found> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const { expiration, ...found } = await defaultProvider(profile ? { profile } : {})();
  return { ...found, ...(expiration && { expiresAt: expiration.getTime() }) };
}

export interface Token {
  token: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** STS takes a token for a quarter of an hour; a minute less, so that none ends on its way. */
const livesMs = 14 * 60_000;

/** A token for one cluster. It ends with the credentials that signed it, if these end sooner. */
export function tokenBy(
  { expiresAt = Number.POSITIVE_INFINITY, ...credentials }: Found,
  target: { region: string; clusterId: string },
  now: number,
): Token {
  const token = presignedToken({ credentials, ...target, now });
  return { token, expiresAt: Math.min(now + livesMs, expiresAt) };
}
