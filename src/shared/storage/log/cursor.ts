import { badRequest } from '../../errors/common.ts';
import type { Page } from '../../ports/storage.ts';
import { isTooLong, itemOf } from './keys.ts';

/** Describes where a paged list goes on: the snapshot, the last item given, how many are left. */
export interface Cursor {
  revision: number;
  after: string;
  remaining: number;
}

export const encodeCursor = ({ revision, after, remaining }: Cursor): string =>
  Buffer.from(JSON.stringify([revision, after, remaining])).toString('base64url');

/** Describes where a page begins: on the cursor's snapshot, or merely after an item. */
export interface Beginning {
  cursor?: Cursor;
  after?: string;
}

/** Throws BadRequest for a cursor that encodeCursor did not make, and for a place that no key can have. */
export function beginningOf({ cursor: text, after: place }: Page): Beginning {
  const cursor = text === undefined ? undefined : decodeCursor(text);
  if (cursor) return { cursor, after: cursor.after };
  if (!place) return {};
  const after = itemOf(place);
  if (isTooLong(after)) throw malformed();
  return { after };
}

function decodeCursor(text: string): Cursor {
  try {
    const [revision, after, remaining] = JSON.parse(Buffer.from(text, 'base64url').toString());
    const numbers = Number.isSafeInteger(revision) && Number.isSafeInteger(remaining);
    if (numbers && typeof after === 'string' && !isTooLong(after)) return { revision, after, remaining };
  } catch {
    // falls through to the one answer for all malformed cursors
  }
  throw malformed();
}

const malformed = () => badRequest('the continue parameter is malformed');
