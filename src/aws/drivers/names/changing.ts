import type { Change } from '@aws-sdk/client-route-53';
import type { Clock } from '../../../shared/clock/clock.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { tokenBucket } from '../bucket.ts';
import { isCode } from '../errors.ts';
import { type Api, change } from './api.ts';
import { batches } from './records.ts';

/** Of the five requests a second that Route 53 takes of an account, what one process takes at most. */
const quota = { burst: 2, everyMs: 1_000, mostMs: 30_000 };

interface Waiting {
  changes: Change[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Changes the zone for many at once: what comes while a request waits for its turn goes with it. */
export function openChanging(api: Api, clock: Clock): (changes: Change[]) => Promise<void> {
  const turn = tokenBucket(clock, quota);
  const waiting: Waiting[] = [];
  let isWorking = false;

  async function send(changes: Change[]): Promise<void> {
    for (const batch of batches(changes)) {
      if (!(await turn())) throw throttled();
      await change(api, batch);
    }
  }

  async function work(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    while (waiting.length > 0) {
      const isTurn = await turn();
      const together = takeTogether(waiting);
      try {
        if (!isTurn) throw throttled();
        await change(
          api,
          together.flatMap(({ changes }) => changes),
        );
        for (const { resolve } of together) resolve();
      } catch (error) {
        // All or nothing: the one that is at fault must not keep the others from their names.
        const isShared = together.length > 1 && isCode((error as Error).cause, 'InvalidChangeBatch');
        for (const { changes, resolve, reject } of together)
          if (isShared) await send(changes).then(resolve, reject);
          else reject(error);
      }
    }
    isWorking = false;
  }

  return (changes) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ changes, resolve, reject });
      void work();
    });
}

const throttled = () =>
  new ApiError('TooManyRequests', 'ChangeResourceRecordSets: throttled here, Route 53 takes five a second');

/** Takes as many as one request holds; at least one. */
function takeTogether(waiting: Waiting[]): Waiting[] {
  const taken = waiting.splice(0, 1);
  for (let next = waiting[0]; next; next = waiting[0]) {
    const all = [...taken, next].flatMap(({ changes }) => changes);
    if (batches(all).length > 1) break;
    taken.push(waiting.shift()!);
  }
  return taken;
}
