import type { Change, Stored } from '../../storage/storage.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/**
 * What a change looks like to a watcher that sees only some objects: one that begins to match was added, one that no
 * longer matches was deleted (in its last matching state, at the revision of the change). Undefined: nothing to see.
 */
export function seenAs(
  { type, object, previous }: Change,
  matches?: (stored: Stored) => boolean,
): { type: EventType; object: Stored } | undefined {
  const before = previous !== undefined && (!matches || matches(previous));
  if (type === 'delete') return before ? { type: 'DELETED', object } : undefined;
  const now = !matches || matches(object);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object };
  return before ? { type: 'DELETED', object: { ...previous!, revision: object.revision } } : undefined;
}
