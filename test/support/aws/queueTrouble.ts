import type { Clock } from '../../../src/shared/clock/clock.ts';
import { ApiError } from '../../../src/shared/errors/apiError.ts';

/** What goes wrong besides DynamoDB, as probabilities. */
export interface Trouble {
  /** A process dies within a run. */
  kill: number;
  /** A call to the cloud fails, before or after it had its effect. */
  cloud: number;
  /** A record or message is lost; comes twice. */
  drop: number;
  duplicate: number;
  /** A runtime's change is told. */
  told: number;
}

const longestCallMs = 20;

/** A port whose calls take time and fail with the probability `share`, before or after they had their effect. */
export const unreliable =
  (clock: Clock, random: () => number, share: () => number) =>
  <T extends object>(port: T): T => {
    const perhapsFail = () => {
      if (random() < share()) throw new ApiError('ServiceUnavailable', 'the cloud has a bad day');
    };
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name === 'nodes') return value.bind(target);
        return async (...args: unknown[]) => {
          await clock.sleep(Math.floor(random() * longestCallMs));
          perhapsFail();
          const answer = await value.apply(target, args);
          perhapsFail();
          return answer;
        };
      },
    });
  };
