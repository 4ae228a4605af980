import { badRequest } from '../../errors/common.ts';

/** The revision of a resource that was never written. */
export const firstRevision = 1;

/** A decimal string as a number. Throws BadRequest when it is none. */
export function parseRevision(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw badRequest(`invalid resource version ${JSON.stringify(text)}`);
  return value;
}
