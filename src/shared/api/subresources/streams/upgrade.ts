import type { Duplex } from 'node:stream';
import { withoutToken } from '../../../auth/websocketToken.ts';
import { badRequest } from '../../../errors/common.ts';
import { handshake } from '../../../streams/websocket/server.ts';
import type { ApiRequest, ApiResponse } from '../../http/message.ts';

/** Describes what a client and this server both speak once the connection is upgraded. */
export interface Agreed {
  over: 'websocket' | 'spdy';
  protocol: string;
}

/** Protocols that are served, best first. */
export type Protocols = Record<Agreed['over'], readonly string[]>;

const versionHeader = 'x-stream-protocol-version';

/** The request asks to go on over a WebSocket. */
export const isWebSocket = (request: ApiRequest): boolean =>
  request.header('upgrade')?.toLowerCase() === 'websocket' &&
  request.header('sec-websocket-key') !== undefined;

/**
 * Returns what to go on with. Throws BadRequest when the client asks for no upgrade, or offers nothing that is served.
 */
export function agreed(request: ApiRequest, protocols: Protocols): Agreed {
  const upgrade = request.header('upgrade')?.toLowerCase();
  if (isWebSocket(request))
    return { over: 'websocket', protocol: chosen(request, 'sec-websocket-protocol', protocols.websocket) };
  if (upgrade === 'spdy/3.1')
    return { over: 'spdy', protocol: chosen(request, versionHeader, protocols.spdy) };
  throw badRequest('Upgrade request required');
}

function chosen(request: ApiRequest, header: string, served: readonly string[]): string {
  // Nothing offered is the protocol without a name, where that is served.
  const offered = withoutToken(request.header(header) ?? '').split(/, */);
  const found = served.find((each) => offered.includes(each));
  if (found !== undefined) return found;
  throw badRequest(
    `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${served.filter(Boolean).join(' ')}]`,
  );
}

/** The answer that hands the connection over to `speak`. */
export function switching(
  request: ApiRequest,
  { over, protocol }: Agreed,
  speak: (connection: Duplex) => void,
): ApiResponse {
  const headers =
    over === 'websocket'
      ? handshake(request.header('sec-websocket-key')!, protocol)
      : { Upgrade: 'SPDY/3.1', Connection: 'Upgrade', 'X-Stream-Protocol-Version': protocol };
  return { status: 101, headers, body: new Uint8Array(), upgrade: speak };
}
