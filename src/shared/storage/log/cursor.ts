import { badRequest } from '../../errors/common.ts';
import { isTooLong } from './keys.ts';

/** Describes where a paged list goes on: the snapshot, the last item given, how many are left. */
export interface Cursor {
  revision: number;
  after: string;
  remaining: number;
}

export const encodeCursor = ({ revision, after, remaining }: Cursor): string =>
  Buffer.from(JSON.stringify([revision, after, remaining])).toString('base64url');

/** Throws BadRequest when `text` was not made by encodeCursor. */
export function decodeCursor(text: string): Cursor {
  try {
    const [revision, after, remaining] = JSON.parse(Buffer.from(text, 'base64url').toString());
    const numbers = Number.isSafeInteger(revision) && Number.isSafeInteger(remaining);
    if (numbers && typeof after === 'string' && !isTooLong(after)) return { revision, after, remaining };
  } catch {
    // falls through to the one answer for all malformed cursors
  }
  throw badRequest('the continue parameter is malformed');
}
