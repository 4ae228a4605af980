import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../../shared/clock/clock.ts';

/** Describes what has been read in a moment, and whether what runs now may be answered from it. */
interface Moment {
  reads: Reads;
  /** Whether what is looked at now decides by the way: about a request, or what it is filled with. */
  isByTheWay: boolean;
  /** Whether all that is asked for is to be of one moment, however it is read. */
  isWhole: boolean;
}
interface Reads {
  found: Map<string, Found>;
  /** Counts what ended the moment for who asks for what is; for what is looked at by the way it goes on. */
  ended: number;
}
interface Found {
  at: number;
  ended: number;
  value: Promise<unknown>;
}

const current = new AsyncLocalStorage<Moment>();

/** Whoever waits, for a revision or for a webhook, sees later what was written meanwhile. */
const longestMs = 100;

const newReads = (): Reads => ({ found: new Map(), ended: 0 });

/**
 * Has what is looked at by the way, through `asOfMoment`, be of one moment: a request, or a delivery of work, looks at a dozen
 * resources, and need not ask of each anew what has changed. The moment is no earlier than the call. One within another is
 * the same.
 */
export const inOneMoment = <T>(run: () => T): T =>
  current.getStore() ? run() : current.run({ reads: newReads(), isByTheWay: false, isWhole: false }, run);

/** Lets `run` be answered by what the moment has read, if there is a moment. */
export function asOfMoment<T>(run: () => T): T {
  const moment = current.getStore();
  return moment ? current.run({ ...moment, isByTheWay: true }, run) : run();
}

/**
 * Has everything that `run` looks at be of one moment, until it has had an effect (`endMoment`): then another one begins.
 * What is seen later is never older than what was seen before.
 */
export const inMoments = <T>(run: () => T): T =>
  current.run({ reads: newReads(), isByTheWay: false, isWhole: true }, run);

/**
 * Has what `run` asks for be read as it is, whatever the moment of who calls: it is to change something. What is looked at by
 * the way is of the moment.
 */
export async function betweenMoments<T>(run: () => Promise<T>): Promise<T> {
  const moment = current.getStore();
  if (!moment?.isWhole) return run();
  try {
    return await current.run({ ...moment, isWhole: false }, run);
  } finally {
    endMoment();
  }
}

/** True in `inMoments`. */
export const isOfMoment = (): boolean => current.getStore()?.isWhole === true;

/**
 * What is looked at from now on is as it is now, or later: something was done, or something newer was seen. What is looked
 * at by the way only if `all` says so.
 */
export function endMoment({ all = false } = {}): void {
  const reads = current.getStore()?.reads;
  if (!reads) return;
  reads.ended++;
  if (all) reads.found.clear();
}

/** What was read under this name in the moment, for who may be answered from it; else it is read. */
export function sharedIn<T>(name: string, clock: Clock, read: () => Promise<T>): Promise<T> {
  const { reads, isByTheWay = false, isWhole = false } = current.getStore() ?? {};
  if (!reads || !(isByTheWay || isWhole)) return read();
  const known = reads.found.get(name);
  if (known && clock.now() - known.at < longestMs && (isByTheWay || known.ended === reads.ended))
    return known.value as Promise<T>;
  const value = read();
  const found = { at: clock.now(), ended: reads.ended, value };
  reads.found.set(name, found);
  value.catch(() => {
    if (reads.found.get(name) === found) reads.found.delete(name);
  });
  return value;
}
