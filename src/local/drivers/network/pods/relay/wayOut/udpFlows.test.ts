import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
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

test('a Pod that has a quarter of the ports loses the one it used longest ago, and others have theirs', async () => {
  const closed: number[] = [];
  let asked = 0;
  let time = 0;
  const flows = new UdpFlows({
    inject: () => {},
    bind: async () => {
      const number = asked++;
      return Object.assign(new EventEmitter(), { send() {}, close: () => closed.push(number) }) as never;
    },
    now: () => time++,
  });
  const send = (address: string, port: number) =>
    flows.take(packetIn(datagram({ address, port }, { address: '192.0.2.1', port: 1 }, Buffer.from('x')))!);
  send('10.1.0.3', 1);
  for (let port = 1; port <= 256; port++) send(pod.address, port);
  send(pod.address, 1);
  await new Promise(setImmediate);
  expect([asked, closed]).toEqual([257, []]);
  send(pod.address, 257);
  await new Promise(setImmediate);
  expect([asked, closed]).toEqual([258, [2]]);
});
