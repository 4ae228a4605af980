import type { Duplex } from 'node:stream';
import { withoutToken } from '../../../auth/websocketToken.ts';
import { ApiError } from '../../../errors/apiError.ts';
import { handshake } from '../../../streams/websocket/server.ts';
import { speakWebSocket } from '../../../streams/websocket/speak.ts';
import type { ApiRequest, ApiResponse } from '../../http/message.ts';

/**
 * A watch as messages of a WebSocket: one for each event, as text or, in protobuf, as bytes. As in a real server one protocol may be offered,
 * of any name, and changes nothing: `base64.binary.k8s.io`, by which Headlamp asks, too.
 *
 * @throws BadRequest where several are offered; a token is none of them.
 */
export function eventsAsMessages(
  request: ApiRequest,
  body: AsyncIterable<Uint8Array>,
  kind: 'text' | 'binary',
): ApiResponse {
  const offered = protocolsOf(request);
  if (offered.length > 1)
    throw new ApiError('BadRequest', 'a watch over a WebSocket is offered one protocol at the most');
  return upgraded(request, offered[0], (connection) => pass(connection, body, kind, asItIs));
}

/**
 * A log as messages of a WebSocket: one for each piece. `base64.binary.k8s.io` has bytes as text. What the client says is not listened
 * to; when it leaves, the stream is left too.
 */
export function logAsMessages(request: ApiRequest, body: AsyncIterable<Uint8Array>): ApiResponse {
  const protocol = protocolsOf(request).find((each) => served.includes(each));
  return upgraded(request, protocol, (connection) =>
    protocol === base64 ? pass(connection, body, 'text', inBase64) : pass(connection, body, 'binary', asItIs),
  );
}

const base64 = 'base64.binary.k8s.io';
const served = [base64, 'binary.k8s.io'];
const inBase64 = (bytes: Uint8Array) => Buffer.from(Buffer.from(bytes).toString('base64'));
const asItIs = (bytes: Uint8Array) => bytes;

/** Without what is a token. */
const protocolsOf = (request: ApiRequest): string[] =>
  withoutToken(request.header('sec-websocket-protocol') ?? '')
    .split(/, */)
    .filter(Boolean);

const upgraded = (
  request: ApiRequest,
  protocol: string | undefined,
  speak: (connection: Duplex) => Promise<void>,
): ApiResponse => ({
  status: 101,
  headers: handshake(request.header('sec-websocket-key')!, protocol),
  body: new Uint8Array(),
  upgrade: (connection) => void speak(connection),
});

async function pass(
  connection: Duplex,
  body: AsyncIterable<Uint8Array>,
  kind: 'text' | 'binary',
  encode: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  let leave = () => {};
  const left = new Promise<undefined>((resolve) => {
    leave = () => resolve(undefined);
  });
  const client = speakWebSocket(connection, { message: () => {}, closed: () => leave() });
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), left]);
      if (!next || next.done) break;
      await client.send(kind, encode(next.value));
    }
    client.close(1000);
  } catch {
    client.close(1011);
  } finally {
    // Not waited for: a generator that waits for its next piece ends with that.
    void Promise.resolve(pieces.return?.()).catch(() => {});
  }
}
