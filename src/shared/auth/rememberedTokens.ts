import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { TokenVerifier } from './authenticate.ts';
import type { User } from './user.ts';

const keptMs = 10_000;
const most = 1_000;

/** Tokens found good stay so for ten seconds, as a real server has it: checking one costs reads. */
export function rememberedTokens(verify: TokenVerifier, clock: Clock): TokenVerifier {
  const known = new Map<string, { until: number; user: User }>();
  return async (token, cluster, audience) => {
    const key = createHash('sha256')
      .update(JSON.stringify([token, cluster, audience]))
      .digest('base64');
    const before = known.get(key);
    if (before && clock.now() < before.until) return before.user;
    known.delete(key);
    const user = await verify(token, cluster, audience);
    if (!user) return undefined;
    known.set(key, { until: clock.now() + keptMs, user });
    if (known.size > most) known.delete(known.keys().next().value!);
    return user;
  };
}
