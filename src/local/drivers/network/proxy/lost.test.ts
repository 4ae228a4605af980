import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, expect } from '@jest/globals';
import { needs, notLinux } from '../../../../../test/support/needs.ts';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import { LocalLoadBalancers } from '../loadBalancers.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

needs(notLinux).test(
  'a request that waits for a Pod whose network vanished is answered by another',
  async () => {
    const asked = Promise.withResolvers<void>();
    const mute = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => asked.resolve());
    });
    const lively = createServer((_request, response) => response.end('alive'));
    const [dead, alive] = [await listenOn(mute, '127.11.0.1'), await listenOn(lively, '127.11.0.2')];
    const balancers = new LocalLoadBalancers({
      clock: systemClock,
      balancerCidr: '127.12.0.0/16',
    });
    const endpoint = (address: string, port: number) => ({
      portName: '',
      address,
      port,
      protocol: 'TCP',
      ready: true,
    });
    const ref = { cluster: 'default', namespace: 'default', name: 's', uid: 'lost' };
    const service = { metadata: {}, spec: { type: 'LoadBalancer' as const, ports: [{ port: 8099 }] } };

    const only = [endpoint('127.11.0.1', dead)];
    const [ingress] = await balancers.ensure(ref, service, only);
    const answer = textOf(`http://${ingress!.ip}:${ingress!.ports![0]!.port}/`);
    await asked.promise;
    await balancers.ensure(ref, service, [...only, endpoint('127.11.0.2', alive)]);
    balancers.podGone('127.11.0.1');
    expect(await answer).toBe('alive');
    await balancers.close();
  },
);

async function listenOn(server: Server, address: string): Promise<number> {
  servers.push(server);
  server.listen(0, address);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function textOf(url: string): Promise<string> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}
