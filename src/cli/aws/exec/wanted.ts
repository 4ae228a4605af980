import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { protocol } from './bridge.ts';
import { commandLine } from './script.ts';

const path = /^(?:\/clusters\/[^/]+)?\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/(exec|attach|portforward)$/;

export const isWebSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/** The request by which the API opens a session for what kubectl wants upgraded. Throws what cannot be bridged. */
export function sessionRequest({ url = '', headers }: IncomingMessage): {
  path: string;
  headers: Record<string, string>;
} {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const what = path.exec(pathname)?.[1];
  if (what !== 'exec')
    throw new ApiError(
      'MethodNotAllowed',
      `${what ?? 'this upgrade'} is not bridged by this proxy yet, only exec is`,
    );
  const offered = String(headers['sec-websocket-protocol'] ?? '').split(/, */);
  if (!isWebSocket({ headers }) || !offered.includes(protocol))
    throw new ApiError('BadRequest', `exec is bridged for clients that speak ${protocol} only`);
  const words = searchParams.getAll('command');
  if (!words.length)
    throw new ApiError('BadRequest', 'you must specify at least one command for the container');
  const query = new URLSearchParams({ command: commandLine(words, searchParams.get('tty') === 'true') });
  const container = searchParams.get('container');
  if (container) query.set('container', container);
  return {
    path: `${pathname}?${query}`,
    headers: { accept: 'application/json', 'x-shallop-session': 'exec' },
  };
}
