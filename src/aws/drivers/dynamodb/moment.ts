import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../../shared/clock/clock.ts';

/** Describes what has been read in a moment, and whether what runs now may be answered from it. */
interface Moment {
  found: Map<string, Found>;
  /** What was found by the way, and when. */
  noted: Map<string, { at: number; found: unknown }>;
  isShared: boolean;
}
interface Found {
  at: number;
  value: Promise<unknown>;
}

const current = new AsyncLocalStorage<Moment>();

/** Whoever waits, for a revision or for a webhook, sees later what was written meanwhile. */
const longestMs = 100;

/**
 * Has what is looked at by the way, through `asOfMoment`, be of one moment: a request, or a delivery of work, looks at a dozen
 * resources, and need not ask of each anew what has changed. The moment is no earlier than the call. One within another is
 * the same.
 */
export const inOneMoment = <T>(run: () => T): T =>
  current.getStore() ? run() : current.run({ found: new Map(), noted: new Map(), isShared: false }, run);

/** Lets `run` be answered by what the moment has read, if there is a moment. */
export function asOfMoment<T>(run: () => T): T {
  const moment = current.getStore();
  return moment ? current.run({ ...moment, isShared: true }, run) : run();
}

/** What was read under this name in the moment, for who may be answered from it; else it is read. */
export function sharedIn<T>(name: string, clock: Clock, read: () => Promise<T>): Promise<T> {
  const moment = current.getStore();
  if (!moment?.isShared) return read();
  const { found } = moment;
  const known = found.get(name);
  if (known && clock.now() - known.at < longestMs) return known.value as Promise<T>;
  const value = read();
  found.set(name, { at: clock.now(), value });
  value.catch(() => found.delete(name));
  return value;
}

/** Keeps for the moment what was found by the way. */
export function noteInMoment(name: string, clock: Clock, found: unknown): void {
  current.getStore()?.noted.set(name, { at: clock.now(), found });
}

/** What was noted under this name in the moment; undefined: nothing, or too long ago. */
export function notedInMoment(name: string, clock: Clock): unknown {
  const known = current.getStore()?.noted.get(name);
  return known && clock.now() - known.at < longestMs ? known.found : undefined;
}
