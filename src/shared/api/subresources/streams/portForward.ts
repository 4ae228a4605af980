import { olderProtocol } from '../../../streams/channels.ts';
import { forwarding } from '../../../streams/forwarding.ts';
import { tunnelled } from '../../../streams/spdy/tunnel.ts';
import { speakWebSocket } from '../../../streams/websocket/speak.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Call } from '../../request.ts';
import { admitPortForward } from './connect.ts';
import { entered } from './entered.ts';
import { overPortChannels, portsIn } from './portChannels.ts';
import { carried } from './remote.ts';
import { isSession, openPortSession } from './session.ts';
import { agreed, switching } from './upgrade.ts';

const protocol = 'portforward.k8s.io';
const tunnel = `SPDY/3.1+${protocol}`;
/** As of kubelet: without a name it is channels of bytes. */
const protocols = { websocket: [tunnel, olderProtocol, 'v4.base64.channel.k8s.io', ''], spdy: [protocol] };

/**
 * GET or POST of a port-forward: a SPDY session, in which the client opens two streams for each connection, or channels of
 * the ports that the query names.
 */
export async function portForward(call: Call): Promise<ApiResponse> {
  const { deps, request, query } = call;
  if (isSession(call, 'portforward')) return openPortSession(call);
  const { ref } = await entered(call, 'portforward');
  const connect = deps.podStreams?.portForward;
  if (!connect) throw notServed('pods/portforward', deps.upgradeRemedy);
  await admitPortForward(call);
  const how = agreed(request, protocols);
  const pod = `pod ${ref.name}, uid ${ref.uid}`;
  const dial = (port: number) => connect(ref, port);
  if (how.over === 'websocket' && how.protocol !== tunnel) {
    const asked = { ports: portsIn(query), protocol: how.protocol };
    return switching(request, how, (connection) => void overPortChannels(connection, asked, dial, pod));
  }
  const opened = forwarding(dial, pod);
  return switching(request, how, (connection) =>
    how.over === 'websocket'
      ? tunnelled((events) => speakWebSocket(connection, events), opened)
      : carried(connection, () => {}, opened),
  );
}
