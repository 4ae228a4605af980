import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { bindAt } from '../../../../sockets.ts';
import { datagram, packetIn } from './packets.ts';
import { UdpFlows } from './udpFlows.ts';

const pod = { address: '10.1.0.2', port: 4000 };
const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

const bind = async () => {
  const socket = createSocket('udp4');
  opened.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

test('what is sent to port 0 is dropped, and what comes after it goes out', async () => {
  const flows = new UdpFlows({ inject: () => {}, bind, now: () => 0 });
  const far = await bindAt({ host: '127.0.0.1', port: 0 });
  opened.push(far);
  const send = (port: number, text: string) =>
    flows.take(packetIn(datagram(pod, { address: '127.0.0.1', port }, Buffer.from(text)))!);
  send(0, 'nowhere');
  send(far.address().port, 'there');
  const [message] = await once(far, 'message');
  expect(String(message)).toBe('there');
});
