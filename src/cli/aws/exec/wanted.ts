import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { protocol } from '../../../shared/streams/channels.ts';
import { forwardProtocol } from '../forward/forward.ts';
import { framedCommandLine } from './framed/script.ts';
import { commandLine } from './script.ts';

const path = /^((?:\/clusters\/[^/]+)?\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+)\/(exec|attach|portforward)$/;

export const isWebSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/** Describes what is asked of the API for what kubectl wants upgraded. */
export type Wanted = (
  | { is: 'exec'; tty: boolean }
  | { is: 'attach' }
  | { is: 'portforward'; pod: string }
) & {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
};

/** Throws what cannot be bridged. */
export function wantedBy({ url = '', headers }: IncomingMessage): Wanted {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const [, pod = '', what] = path.exec(pathname) ?? [];
  if (!what) throw new ApiError('MethodNotAllowed', 'this upgrade is not bridged by this proxy yet');
  const offered = String(headers['sec-websocket-protocol'] ?? '').split(/, */);
  const spoken = what === 'portforward' ? forwardProtocol : protocol;
  if (!isWebSocket({ headers }) || !offered.includes(spoken))
    throw new ApiError('BadRequest', `${what} is bridged for clients that speak ${spoken} only`);
  if (what === 'portforward') {
    const name = pod.slice(pod.lastIndexOf('/') + 1);
    return { is: what, pod: name, method: 'POST', path: pathname, headers: sessionHeaders(what) };
  }
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
  return {
    is: 'exec',
    tty,
    method: 'POST',
    path: `${pathname}?${query}`,
    headers: sessionHeaders('exec'),
  };
}

const sessionHeaders = (what: string) => ({ accept: 'application/json', 'x-shallop-session': what });
