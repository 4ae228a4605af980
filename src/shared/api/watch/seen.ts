import type { Change, Stored } from '../../ports/storage.ts';
import { withValue } from '../../ports/withValue.ts';
import type { Filter } from '../list/selectors.ts';
import type { EventType } from './encode.ts';

/** Is a change as one watcher is told of it, which may differ from what happened to the object. */
export interface Seen {
  type: EventType;
  stored: Stored;
}

/**
 * A change as a watch with selectors sees it: an object that stops matching is gone (shown as it last matched, at the
 * new revision), one that begins to match is new. Undefined when it never was in sight.
 */
export function seenBy(filter: Filter, change: Change): Seen | undefined {
  const { object, previous, type } = change;
  const before = previous !== undefined && filter.matches(previous);
  if (type === 'delete') return before ? { type: 'DELETED', stored: object } : undefined;
  const after = filter.matches(object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', stored: object };
  return before ? { type: 'DELETED', stored: leaving(change, previous) } : undefined;
}

/** Kept so that all watchers that lose the object share one encoding. */
const departures = new WeakMap<Change, Stored>();
const pattern = /"resourceVersion":"\d+"/;
const utf8 = new TextDecoder();

function leaving(change: Change, previous: Stored): Stored {
  const known = departures.get(change);
  if (known) return known;
  const { revision } = change.object;
  // The first is the object's own: only strings with escaped quotes can stand before it.
  const text = utf8.decode(previous.value).replace(pattern, `"resourceVersion":"${revision}"`);
  const stored = { ...withValue(previous, Buffer.from(text)), revision };
  departures.set(change, stored);
  return stored;
}
