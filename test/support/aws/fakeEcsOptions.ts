import type { Clock } from '../../../src/shared/clock/clock.ts';

/** What a fake ECS is made with. */
export interface FakeEcsOptions {
  clock: Clock;
  /** From RunTask to the first container. Default 10. */
  startMs?: number;
  /** Default true. */
  addresses?: boolean;
  /** Emulators start a second task for the same client token. Default true: as ECS does. */
  idempotent?: boolean;
  /** Tasks are listed only so long after they were started: ECS is eventually consistent. Default 0. */
  listedAfterMs?: number;
}
