import { meanings } from '../errors/meanings.ts';
import { statusIn } from './fromRequests.ts';

/** Describes what a request was about, as client-go names it. */
export interface Asking {
  /** Plural with its group. */
  resource: string;
  name?: string;
}

/**
 * What client-go says of an answer that is no success: the message of its Status; of any other answer what its code means
 * and what was asked for.
 */
export function serverWords(code: number, body: string, { resource, name }: Asking): string {
  const status = statusIn(body);
  if (status) return status.message ?? '';
  return `${meaningOf(code, body.trim())} (get ${[resource, name].filter(Boolean).join(' ')})`;
}

function meaningOf(code: number, text: string): string {
  const meaning = meanings.get(code);
  if (meaning) return meaning;
  // Who may not do what, and which types are taken, only the server can say.
  if (text && (code === 403 || code === 406 || code === 415)) return text;
  if (code >= 500)
    return `an error on the server (${JSON.stringify(text || 'unknown')}) has prevented the request from succeeding`;
  return `the server responded with the status code ${code} but did not return more information`;
}
