import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { protocol } from '../../../shared/streams/channels.ts';
import { framedCommandLine } from './framed/script.ts';
import { commandLine } from './script.ts';

const path = /^((?:\/clusters\/[^/]+)?\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+)\/(exec|attach|portforward)$/;

export const isWebSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/** What is asked of the API for what kubectl wants upgraded. */
export type Wanted = ({ is: 'exec'; tty: boolean } | { is: 'attach' }) & {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
};

/** Throws what cannot be bridged. */
export function wantedBy({ url = '', headers }: IncomingMessage): Wanted {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const [, pod, what] = path.exec(pathname) ?? [];
  if (what !== 'exec' && what !== 'attach')
    throw new ApiError('MethodNotAllowed', `${what ?? 'this upgrade'} is not bridged by this proxy yet`);
  const offered = String(headers['sec-websocket-protocol'] ?? '').split(/, */);
  if (!isWebSocket({ headers }) || !offered.includes(protocol))
    throw new ApiError('BadRequest', `${what} is bridged for clients that speak ${protocol} only`);
  const container = searchParams.get('container');
  const query = new URLSearchParams(container ? { container } : {});
  if (what === 'attach') {
    if (searchParams.get('stdin') === 'true')
      throw new ApiError('MethodNotAllowed', 'attach is bridged without standard input only; exec has one');
    query.set('follow', 'true');
    query.set('tailLines', '0');
    return { is: what, method: 'GET', path: `${pod}/log?${query}`, headers: {} };
  }
  const words = searchParams.getAll('command');
  if (!words.length)
    throw new ApiError('BadRequest', 'you must specify at least one command for the container');
  const tty = searchParams.get('tty') === 'true';
  const stdin = searchParams.get('stdin') === 'true';
  query.set('command', tty ? commandLine(words) : framedCommandLine(words, stdin));
  const asks = { accept: 'application/json', 'x-shallop-session': 'exec' };
  return { is: what, tty, method: 'POST', path: `${pathname}?${query}`, headers: asks };
}
