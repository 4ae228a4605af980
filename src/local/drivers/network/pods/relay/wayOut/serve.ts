import type { Socket as DatagramSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { bindAt, listenAt } from '../../../../sockets.ts';
import { contains, parseCidr } from '../../../addresses.ts';
import type { Names } from '../../netns/names.ts';
import { encapsulation, linkOf } from './link.ts';
import { type End, packetIn } from './packets.ts';
import { TcpFlows } from './tcpFlows.ts';
import { UdpFlows } from './udpFlows.ts';

/** Opens sockets in the network of this machine. */
export interface Outside {
  connect(to: End): Promise<Socket>;
  bind(): Promise<DatagramSocket>;
}

/** VXLAN's header, then Ethernet's. */
const header = 8 + 14;

/**
 * Serves the way out of Pods, from within the network that their packets leave by. Rejects, with nothing left open, where
 * it cannot listen.
 */
export async function serveWayOut(names: Names, outside: Outside): Promise<void> {
  const { own, peer, here, there, device, behind } = linkOf(names);
  const [pods, whole] = [parseCidr(names.podCidr), parseCidr(names.network)];
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  await listenAt(server, { host: own, port: 0 }, 1024);
  const link = await bindAt({ host: here, port: encapsulation }).catch((error: Error) => {
    server.close();
    throw error;
  });
  // As much as is allowed: a burst of packets waits there.
  for (const set of ['setRecvBufferSize', 'setSendBufferSize'] as const) {
    try {
      link[set](4 << 20);
    } catch {
      // Then as much as there is.
    }
  }
  const prefix = headerOf(device, behind);
  const inject = (bytes: Buffer) => link.send([prefix, bytes], encapsulation, there, () => {});
  const listener = { address: own, port: (server.address() as AddressInfo).port };
  const tcp = new TcpFlows({ listener, peer, inject, connect: outside.connect });
  const udp = new UdpFlows({ inject, bind: outside.bind, now: () => performance.now() });
  server.on('connection', (socket) => tcp.accept(socket));
  link.on('message', (frame, { address }) => {
    const packet = address === there ? packetIn(frame.subarray(header)) : undefined;
    if (!packet) return;
    const { source, destination, protocol } = packet;
    const isBack = source.address === own && destination.address === peer;
    if (!isBack && !(contains(pods, source.address) && isElsewhere(destination.address))) return;
    if (protocol === 'tcp') tcp.take(packet);
    else udp.take(packet);
  });
  const isElsewhere = (address: string) =>
    !contains(whole, address) && !nowhere.some((each) => contains(each, address));
}

/** Is where no other machine is. */
const nowhere = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].map(parseCidr);

function headerOf(device: string, behind: string): Buffer {
  const hardware = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
  const vxlan = Buffer.from([8, 0, 0, 0, 0, 0, 1, 0]);
  return Buffer.concat([vxlan, hardware(device), hardware(behind), Buffer.from([8, 0])]);
}
