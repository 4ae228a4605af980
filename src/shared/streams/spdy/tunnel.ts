import type { WebSocketEnd, WebSocketEvents } from '../websocket/speak.ts';
import { type SpdyStream, speakSpdy } from './session.ts';

/** SPDY within the messages of a WebSocket, which `speak` accepts or has accepted. */
export function tunnelled(
  speak: (events: WebSocketEvents) => WebSocketEnd,
  opened: (stream: SpdyStream) => void,
): void {
  const session = speakSpdy(
    { send: (bytes) => socket.send('binary', bytes), close: () => socket.close(1000) },
    opened,
  );
  const socket = speak({
    message: (data) => session.receive(data),
    closed: () => session.end(),
  });
}
