import { controllerGroups } from '../src/aws/names.ts';

const fewestBatches = 2;
const mostBatches = 20;
/** Shards of the table's stream that are read at the same time. */
const dispatches = 10;
/** A minute's run, and one that is tried again. */
const resyncs = 2;
/** So many executions of an account Lambda lets nobody reserve. */
const neverReserved = 100;

/**
 * How many batches may be worked on at the same time. Each takes up to five of the executions that the account may have
 * at once, the route's and one a group: half of them are left to the API and the dispatch. 20 batches are 200 keys.
 */
export const batchesAtOnce = (concurrency: number): number =>
  Math.max(fewestBatches, Math.min(mostBatches, Math.floor(concurrency / 2 / (1 + controllerGroups.length))));

/** Executions that each function keeps for itself, where they are reserved. */
export const reservedFor = (concurrency: number) => ({
  batches: batchesAtOnce(concurrency),
  dispatch: dispatches,
  resync: resyncs,
});

/** Executions that nobody has reserved once the functions of controllers have theirs. */
const leftOf = (concurrency: number, unreserved: number): number => {
  const { batches, dispatch, resync } = reservedFor(concurrency);
  return unreserved - (batches * (1 + controllerGroups.length) + dispatch + resync);
};

/** Whether a deployment may reserve what it needs of those that nobody has reserved. */
export const canReserve = (concurrency: number, unreserved: number): boolean =>
  leftOf(concurrency, unreserved) >= neverReserved;

/** Requests that wait for Pods get half of the rest at most: they must not take what the API needs. */
export const reservedForWaiting = (concurrency: number): number =>
  Math.max(1, Math.floor((leftOf(concurrency, concurrency) - neverReserved) / 2));
