import type { Duplex } from 'node:stream';
import { type SpdyStream, speakSpdy } from '../../../streams/spdy/session.ts';
import { speakWebSocket } from '../../../streams/websocket/server.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Call } from '../../request.ts';
import { entered } from './entered.ts';
import { forwarding } from './forwarding.ts';
import { carried } from './remote.ts';
import { agreed, switching } from './upgrade.ts';

const protocol = 'portforward.k8s.io';
const protocols = { websocket: [`SPDY/3.1+${protocol}`], spdy: [protocol] };

/** GET or POST of a port-forward: a SPDY session, in which the client opens two streams for each connection. */
export async function portForward(call: Call): Promise<ApiResponse> {
  const { deps, request } = call;
  const connect = deps.podStreams?.portForward;
  if (!connect) throw notServed('pods/portforward', deps.upgradeRemedy);
  const { ref } = await entered(call, 'portforward');
  const how = agreed(request, protocols);
  const opened = forwarding((port) => connect(ref, port), `pod ${ref.name}, uid ${ref.uid}`);
  return switching(request, how, (connection) =>
    how.over === 'websocket' ? tunnelled(connection, opened) : carried(connection, () => {}, opened),
  );
}

/** SPDY within the messages of a WebSocket. */
function tunnelled(connection: Duplex, opened: (stream: SpdyStream) => void): void {
  const session = speakSpdy(
    { send: (bytes) => socket.send('binary', bytes), close: () => socket.close(1000) },
    opened,
  );
  const socket = speakWebSocket(connection, {
    message: (data) => session.receive(data),
    closed: () => session.end(),
  });
}
