import { formatTime } from '../../../shared/clock/clock.ts';
import type { TokenVault } from '../../../shared/ports/cloud.ts';
import type { Entries } from './entries.ts';

/**
 * The boot token of a ServiceAccount in an entry of its own. The description says whose it is and when to replace it, and
 * changes in one step with it. Entries of older versions, with tokens for the API itself, count as none and are replaced.
 */
export const openTokenVault = (entries: Entries): TokenVault => ({
  async keep(ref, token, renewAt) {
    const payload = JSON.stringify({ [key]: token });
    await entries.put({ ref, description: describe({ uid: ref.uid, renewAt }), payload });
  },
  async find(ref) {
    const found = await entries.find(ref);
    const held = heldBy(found?.description ?? '');
    if (!found || held?.uid !== ref.uid) return undefined;
    return { valueFrom: `${found.arn}:${key}::`, renewAt: held.renewAt };
  },
});

const key = 'boot';

interface Held {
  uid: string;
  renewAt: number;
}

const describe = ({ uid, renewAt }: Held): string =>
  `Boot token of Kubernetes ServiceAccount ${uid}, to be replaced at ${formatTime(renewAt)}`;

function heldBy(description: string): Held | undefined {
  const [, uid, until] =
    /^Boot token of Kubernetes ServiceAccount (\S+), to be replaced at (\S+)$/.exec(description) ?? [];
  return uid && until ? { uid, renewAt: Date.parse(until) } : undefined;
}
