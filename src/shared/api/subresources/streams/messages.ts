import type { Duplex } from 'node:stream';
import { handshake } from '../../../streams/websocket/server.ts';
import { speakWebSocket } from '../../../streams/websocket/speak.ts';
import type { ApiRequest, ApiResponse } from '../../http/message.ts';

/**
 * An answer that streams, as messages of a WebSocket: one for each piece. `base64.binary.k8s.io` has bytes as text. What
 * the client says is not listened to; when it leaves, the stream is left too.
 */
export function asMessages(
  request: ApiRequest,
  body: AsyncIterable<Uint8Array>,
  kind: 'text' | 'binary',
): ApiResponse {
  const offered = (request.header('sec-websocket-protocol') ?? '').split(/, */);
  const protocol = offered.find((each) => served.includes(each));
  const encode = protocol === base64 ? inBase64 : (bytes: Uint8Array) => bytes;
  return {
    status: 101,
    headers: handshake(request.header('sec-websocket-key')!, protocol),
    body: new Uint8Array(),
    upgrade: (connection) => void pass(connection, body, protocol === base64 ? 'text' : kind, encode),
  };
}

const base64 = 'base64.binary.k8s.io';
const served = [base64, 'binary.k8s.io'];
const inBase64 = (bytes: Uint8Array) => Buffer.from(Buffer.from(bytes).toString('base64'));

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
