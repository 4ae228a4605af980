import { createHash } from 'node:crypto';
import { formatTime } from '../../../shared/clock/clock.ts';
import type { TokenVault } from '../../../shared/ports/cloud.ts';
import type { Entries } from './entries.ts';

/**
 * Tokens of a ServiceAccount in one entry, a key for each audience. The description says whose they are, for which
 * audiences and when to replace them, and changes in one step with them.
 */
export const openTokenVault = (entries: Entries): TokenVault => ({
  async keep(ref, tokens, renewAt) {
    const values = [...tokens].map(([audience, token]) => [keyOf(audience), token] as const).sort(byKey);
    const keys = values.map(([key]) => key);
    const payload = JSON.stringify(Object.fromEntries(values));
    await entries.put({ ref, description: describe({ uid: ref.uid, renewAt, keys }), payload });
  },
  async find(ref, audience) {
    const key = keyOf(audience);
    const found = await entries.find(ref);
    const held = heldBy(found?.description ?? '');
    if (!found || held?.uid !== ref.uid || !held.keys.includes(key)) return undefined;
    return { valueFrom: `${found.arn}:${key}::`, renewAt: held.renewAt };
  },
});

interface Held {
  uid: string;
  renewAt: number;
  keys: string[];
}

const describe = ({ uid, renewAt, keys }: Held): string =>
  `Tokens of Kubernetes ServiceAccount ${uid}, to be replaced at ${formatTime(renewAt)}: ${keys.join(' ')}`;

function heldBy(description: string): Held | undefined {
  const [, uid, until, keys] = /ServiceAccount (\S+), to be replaced at (\S+): (.+)$/.exec(description) ?? [];
  return uid && until && keys ? { uid, renewAt: Date.parse(until), keys: keys.split(' ') } : undefined;
}

/** ECS ends a key at a colon, which most audiences have. */
const keyOf = (audience: string): string =>
  audience ? `token-${createHash('sha256').update(audience).digest('hex').slice(0, 16)}` : 'token';

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : 1);
