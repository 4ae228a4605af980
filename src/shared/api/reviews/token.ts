import { defaultAudience } from '../../auth/tokens.ts';
import type { User } from '../../auth/user.ts';
import { isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import type { TokenReview } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Call } from '../request.ts';
import { userInfo } from './userInfo.ts';

/** Is for how many audiences a token is verified until it is good for one, which tells of all others. */
const mostTried = 100;

/** Answers whose token it is, and for which of the requested audiences. Throws BadRequest without a token. */
export async function reviewToken(call: Call, object: AnyObject): Promise<AnyObject> {
  const { token = '', audiences = [] } = (object as unknown as TokenReview).spec;
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const { tokenIssuer: own = defaultAudience } = call.deps;
  const wanted = [...new Set(audiences.length ? audiences : [own])];
  let user: User | undefined;
  let meant: string[] = [];
  for (const audience of wanted.slice(0, mostTried)) {
    await call.deps.turn?.();
    const found = await holderOf(call, token, audience);
    const all = new Set(found?.audiences ?? [own]);
    if (!found || !all.has(audience)) continue;
    user = found;
    meant = wanted.filter((each) => all.has(each));
    break;
  }
  const status = user
    ? { authenticated: true, user: userInfo(user), audiences: meant }
    : { user: {}, error: 'invalid bearer token' };
  return { ...object, status };
}

async function holderOf({ deps, cluster }: Call, token: string, audience: string): Promise<User | undefined> {
  const header = (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined);
  try {
    return await deps.authenticate({ header, peer: {}, cluster, audience });
  } catch (error) {
    if (isReason(error, 'Unauthorized')) return undefined;
    throw error;
  }
}
