import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { protocol } from '../../../shared/streams/channels.ts';
import { pathWith, type Target } from './target.ts';
import type { Upstream } from './upstream.ts';

/**
 * Joins the page's WebSocket with one of the API, which answers its key. Everything else of the request is made anew: the
 * user's credentials, and the only protocol that the page speaks.
 */
export async function exec(
  upstream: Upstream,
  { target, search, request, signal }: Wanted,
  socket: Duplex,
): Promise<void> {
  const key = request.headers['sec-websocket-key'] ?? '';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  if (target.sub !== 'exec' || !/^[\w+/]{22}==$/.test(key) || !offered.includes(protocol))
    throw new ApiError('BadRequest', `only exec is served on a WebSocket, by ${protocol}`);
  const { headers, ...opened } = await upstream.with((connection) =>
    connection.upgrade(execPath(target, search), wanted(key), signal),
  );
  // An older server would speak another one, which the page does not understand.
  if (headers['sec-websocket-protocol'] !== protocol) {
    opened.socket.destroy();
    throw new ApiError('ServiceUnavailable', `the server does not speak ${protocol}`);
  }
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${headers['sec-websocket-accept']}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      '\r\n',
    ].join('\r\n'),
  );
  if (opened.head.length) socket.write(opened.head);
  // However one of them ends, the other ends too; there is nobody left to be told why.
  pipeline(socket, opened.socket, socket).catch(() => {});
}

interface Wanted {
  target: Target;
  search: URLSearchParams;
  request: IncomingMessage;
  signal: AbortSignal;
}

/** The words of a command come one by one, as the API has them. */
function execPath(target: Target, search: URLSearchParams): string {
  const path = pathWith(target, search);
  const words = search.getAll('command').map((word) => `command=${encodeURIComponent(word)}`);
  // A terminal has one output, as kubectl asks for it.
  const outputs = search.get('tty') === 'true' ? 'stdout=true' : 'stdout=true&stderr=true';
  return `${path}${path.includes('?') ? '&' : '?'}stdin=true&${outputs}&${words.join('&')}`;
}

const wanted = (key: string) => ({
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': key,
  'sec-websocket-protocol': protocol,
});
