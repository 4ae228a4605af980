import { createHash } from 'node:crypto';
import type { TokenVerifier } from '../../shared/auth/authenticate.ts';
import { defaultAudience } from '../../shared/auth/tokens.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { type Identity, identityFrom } from './identity.ts';
import { type MapperOptions, userMapper } from './mapping.ts';
import { clusterHeader, type Presigned, readToken, tokenPrefix } from './presigned.ts';

/** Sends a GET and reads the whole answer; follows no redirect, takes no longer than 10 s, else throws. */
export type Ask = (url: URL, headers: Record<string, string>) => Promise<{ status: number; body: string }>;

export interface IamOptions extends MapperOptions {
  clusterId: string;
  region: string;
  clock: Clock;
  ask: Ask;
  /** Told why a token was refused, without the token. */
  refused(why: string): void;
}

/**
 * Users by presigned requests to STS, as EKS knows them. STS is asked once for each token; undefined for tokens of another
 * kind, bad ones, and those of principals whom nobody let in. Throws ServiceUnavailable when STS cannot be asked.
 */
export function iamTokens(options: IamOptions): TokenVerifier {
  const { clusterId, region, clock, ask, refused } = options;
  const map = userMapper(options);
  const known = remembered(clock, (presigned: Presigned) => callerOf(ask, presigned, clusterId));
  return async (token, cluster, audience = defaultAudience) => {
    if (!token.startsWith(tokenPrefix) || audience !== defaultAudience) return undefined;
    const presigned = readToken(token, { region, now: clock.now() });
    if (typeof presigned === 'string') return void refused(presigned);
    const identity = await known(token, presigned);
    if (typeof identity === 'string') return void refused(identity);
    const user = await map(identity, presigned.accessKeyId, cluster);
    if (!user) refused(`${identity.canonicalArn} has no access`);
    return user;
  };
}

/** Returns who signed, or why nobody knows. */
async function callerOf(ask: Ask, { url }: Presigned, clusterId: string): Promise<Identity | string> {
  const headers = { [clusterHeader]: clusterId, accept: 'application/json' };
  const { status, body } = await ask(url, headers).catch((cause: unknown) => {
    throw new ApiError('ServiceUnavailable', 'the identity cannot be checked: STS does not answer', {
      cause,
    });
  });
  if (status >= 500)
    throw new ApiError('ServiceUnavailable', `the identity cannot be checked: STS answers ${status}`);
  if (status !== 200) return `STS refuses the token (${status})`;
  return identityFrom(body) ?? 'the answer of STS is not that of GetCallerIdentity';
}

const most = 1_000;

interface Remembered {
  until: number;
  answer: Promise<Identity | string>;
}

/** Asks once while a token lives; who comes meanwhile waits for the same answer. Only good answers are kept. */
function remembered(clock: Clock, ask: (presigned: Presigned) => Promise<Identity | string>) {
  const answers = new Map<string, Remembered>();
  return async (token: string, presigned: Presigned): Promise<Identity | string> => {
    const key = createHash('sha256').update(token).digest('base64');
    const found = answers.get(key);
    if (found && clock.now() <= found.until) return found.answer;
    const answer = ask(presigned);
    answers.delete(key);
    answers.set(key, { until: presigned.expiresAt, answer });
    if (answers.size > most) answers.delete(answers.keys().next().value!);
    const identity = await answer.catch((error: unknown) => {
      answers.delete(key);
      throw error;
    });
    if (typeof identity === 'string') answers.delete(key);
    return identity;
  };
}
