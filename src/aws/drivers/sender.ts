import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { awsError, mayPass } from './errors.ts';

export interface SenderOptions {
  clock: Clock;
  /** Jitter. */
  ids: Ids;
  /** Tries before a request that may pass fails. Default 6. */
  attempts?: number;
}

/** Sends one request, again while it may pass. Throws an ApiError that names the action. */
export type Sender = <T>(action: string, request: () => Promise<T>) => Promise<T>;

const firstBackOffMs = 100;
const longestBackOffMs = 5_000;

/** Exponential back-off with full jitter, for throttles, server faults and lost connections; others fail at once. */
export function openSender({ clock, ids, attempts = 6 }: SenderOptions): Sender {
  return async (action, request) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request();
      } catch (error) {
        if (!mayPass(error) || attempt >= attempts) throw awsError(action, error);
        await clock.sleep(
          Math.ceil(ids.random() * Math.min(firstBackOffMs * 2 ** attempt, longestBackOffMs)),
        );
      }
    }
  };
}
