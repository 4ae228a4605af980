import type { Stored } from '../../ports/storage.ts';
import type { Served } from '../served.ts';

/** Is the type of a change in a watch. BOOKMARK and ERROR are written elsewhere. */
export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Encodes each change once for all watchers of the same representation. */
export interface WatchEncoder {
  plain(served: Served, type: EventType, stored: Stored): Uint8Array;
}

const newline = Buffer.from('}\n');
const heads = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};

/** Lines live as long as the change they tell of. */
export function createWatchEncoder(): WatchEncoder {
  const known = new WeakMap<Stored, Map<string, Uint8Array>>();
  return {
    plain: (served, type, stored) => {
      const lines = known.get(stored) ?? new Map<string, Uint8Array>();
      const what = `${type} ${served.apiVersion}`;
      const found = lines.get(what);
      if (found) return found;
      const line = plainLine(served, type, stored);
      known.set(stored, lines.set(what, line));
      return line;
    },
  };
}

/** A line that nobody shares. */
export const plainLine = (served: Served, type: EventType, stored: Stored): Uint8Array =>
  Buffer.concat([heads[type], served.bytes(stored), newline]);

/** Writes one event of a watch in JSON, with the line feed that ends it. */
export const eventLine = (type: string, object: unknown): Uint8Array =>
  Buffer.from(`${JSON.stringify({ type, object })}\n`);
