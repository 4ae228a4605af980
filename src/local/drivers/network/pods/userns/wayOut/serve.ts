import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
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

/** Serves the way out of Pods, from within their network, once the link is there. `failed` is called where it cannot. */
export function serveWayOut(names: Names, outside: Outside, failed: (error: Error) => void): void {
  const { own, peer, here, there, device, behind } = linkOf(names);
  const [pods, whole] = [parseCidr(names.podCidr), parseCidr(names.network)];
  const link = createSocket('udp4');
  const prefix = headerOf(device, behind);
  const inject = (bytes: Buffer) => link.send([prefix, bytes], encapsulation, there, () => {});
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
    tcp.accept(socket),
  );
  server.once('error', failed);
  const listener = { address: own, port: 1 };
  const tcp = new TcpFlows({ listener, peer, inject, connect: outside.connect });
  const udp = new UdpFlows({ inject, bind: outside.bind, now: () => performance.now() });
  link.once('error', failed);
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
  server.listen({ host: own, port: 0, backlog: 1024 }, () => {
    const bound = server.address();
    listener.port = typeof bound === 'object' && bound ? bound.port : 0;
    link.bind({ address: here, port: encapsulation, exclusive: true }, () => {
      // What fails later is one packet, or one connection.
      for (const each of [server, link]) each.off('error', failed).on('error', () => {});
      // As much as is allowed: a burst of packets waits there.
      for (const set of ['setRecvBufferSize', 'setSendBufferSize'] as const) {
        try {
          link[set](4 << 20);
        } catch {
          // Then as much as there is.
        }
      }
    });
  });
}

/** Is where no other machine is. */
const nowhere = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].map(parseCidr);

function headerOf(device: string, behind: string): Buffer {
  const hardware = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
  const vxlan = Buffer.from([8, 0, 0, 0, 0, 0, 1, 0]);
  return Buffer.concat([vxlan, hardware(device), hardware(behind), Buffer.from([8, 0])]);
}
