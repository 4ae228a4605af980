import type { Status, Thing } from '../api/types.ts';

/** What is known of a list: its objects, and how far the watch has come. A value; changes make another. */
export interface Listed {
  objects: ReadonlyMap<string, Thing>;
  /** Where the watch goes on. Absent: it has to be listed (again). */
  version?: string;
  /** Why it cannot be read; what was known before stays. */
  problem?: Status;
  /** Whether it was listed at least once, or refused. */
  isLoaded: boolean;
}

export interface WatchEvent {
  type: string;
  object: Thing & Status;
}

export const unknown: Listed = { objects: new Map(), isLoaded: false };

const keyOf = ({ metadata }: Thing) => `${metadata.namespace ?? ''}/${metadata.name}`;

export const listedAs = (items: readonly Thing[], version: string | undefined): Listed => ({
  objects: new Map(items.map((item) => [keyOf(item), item])),
  version,
  isLoaded: true,
});

/** It could not be listed or watched. When the version is too old by now (410), that is no problem: it is listed again. */
export const refused = (before: Listed, status: Status): Listed =>
  status.code === 410
    ? { ...before, version: undefined }
    : { ...before, version: undefined, problem: status, isLoaded: true };

/** After some events of its watch. */
export function changedBy(before: Listed, events: readonly WatchEvent[]): Listed {
  const objects = new Map(before.objects);
  let after: Listed = { ...before, objects, problem: undefined };
  for (const { type, object } of events) {
    if (type === 'ERROR') return refused(after, object);
    if (type === 'DELETED') objects.delete(keyOf(object));
    else if (type !== 'BOOKMARK') objects.set(keyOf(object), object);
    after = { ...after, version: object.metadata.resourceVersion ?? after.version };
  }
  return after;
}
