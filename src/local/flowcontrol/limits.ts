import type { LevelSpec } from './configuration.ts';

/**
 * Describes how many seats a level has: its share, what it keeps when it lends, and what it reaches when it borrows.
 */
export interface Limits {
  nominal: number;
  min: number;
  max: number;
  /** Is what one request takes at most; 0 where no queue makes it matter. */
  mostSeats: number;
}

const mostSeatsPercent = 0.15;

/** The limits of each level, by shares of the server's `total`. They are rounded up, so they sum to a little more. */
export function limitsOf(levels: readonly LevelSpec[], total: number): Map<string, Limits> {
  const all = levels.reduce((sum, { shares }) => sum + shares, 0);
  return new Map(
    levels.map(({ name, shares, lendablePercent, borrowingLimitPercent, queuing }) => {
      const nominal = all === 0 ? 0 : Math.ceil((total * shares) / all);
      const lendable = Math.round((nominal * lendablePercent) / 100);
      const borrowed =
        borrowingLimitPercent === undefined ? total : Math.round((nominal * borrowingLimitPercent) / 100);
      const mostSeats = queuing ? mostSeatsOf(nominal, queuing.handSize) : 0;
      return [name, { nominal, min: nominal - lendable, max: nominal + borrowed, mostSeats }];
    }),
  );
}

/** As upstream: 15 percent of the level, so that one hand of queues never holds all of its seats. */
export const mostSeatsOf = (nominal: number, handSize: number): number =>
  Math.max(1, Math.min(Math.ceil(nominal * mostSeatsPercent), Math.trunc(nominal / handSize)));
