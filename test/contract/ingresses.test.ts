import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openApplicationLoadBalancers } from '../../src/aws/drivers/ingresses/index.ts';
import { LocalIngresses } from '../../src/local/drivers/ingresses/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { FakeIngresses } from '../../src/shared/fake/ingresses.ts';
import { FakeElb } from '../support/aws/fakeElb.ts';
import { type Harness, ingressesContract } from './ingresses.ts';

ingressesContract('fake', async (): Promise<Harness> => {
  const ingresses = new FakeIngresses();
  return {
    ingresses,
    ask: async ({ hostname = 'none' }, ...asked) => ingresses.route(hostname, ...asked),
    close: async () => {},
  };
});

ingressesContract('aws (fake ELBv2)', async (): Promise<Harness> => {
  const elb = new FakeElb();
  const ingresses = openApplicationLoadBalancers(elb.options);
  return {
    ingresses,
    ask: async ({ hostname = 'none' }, host, path) => elb.ask(hostname, 80, host, path),
    close: async () => {},
  };
});

ingressesContract('local router', async (): Promise<Harness> => {
  const servers = ['web', 'api'].map(() =>
    createServer((request, response) =>
      response.end(`${request.socket.localAddress}:${request.socket.localPort}`),
    ),
  );
  const [web, api] = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    }),
  );
  // An address of nobody: the routers make do with free ports, as they do for an ordinary user.
  const ingresses = new LocalIngresses({ clock: systemClock, balancerCidr: '192.0.2.0/24' });
  return {
    ingresses,
    places: { web: web!, api: api! },
    ask: ({ ip = '', ports = [] }, host, path) =>
      new Promise((resolve) => {
        const asked = { host: ip, port: ports[0]?.port, path, headers: { host }, agent: false };
        get(asked, async (answer) => {
          const text = (await answer.toArray()).join('');
          resolve(answer.statusCode === 200 ? text : String(answer.statusCode));
        }).on('error', () => resolve(undefined));
      }),
    close: async () => {
      await ingresses.close();
      for (const server of servers) server.close();
    },
  };
});
