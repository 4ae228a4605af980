import { encodeAdvance } from './record.ts';
import type { Tables } from './tables.ts';

/** Takes the next revision of a space with no change, in the open transaction, where Storage.advance asks for it. */
export function advance(tables: Tables, space: string, now: number, quietMs: number): void {
  const wasEverTaken = tables.spaces.doesExist(space) || tables.layers.below(space) !== undefined;
  if (!wasEverTaken || tables.newestAt(space) > now - quietMs) return;
  const { head, floor } = tables.state(space);
  tables.log.put([space, head + 1], encodeAdvance(now));
  tables.spaces.put(space, [head + 1, floor]);
}
