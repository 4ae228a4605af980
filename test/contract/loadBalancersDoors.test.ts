import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LocalLoadBalancers } from '../../src/local/drivers/network/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Service } from '../../src/shared/kinds/schema/types.ts';
import { freePort } from '../../tools/freePort.ts';
import { balanced, endpointAt, serviceRef } from './loadBalancers.ts';
import { fetchText, type LocalHarness, openLocalHarness } from './loadBalancersLocal.ts';

let h: LocalHarness;
beforeAll(async () => {
  h = await openLocalHarness();
});
afterAll(() => h.close());

const endpoints = () => h.places.map((place) => endpointAt(place));
const namesOf = () => h.places.map(({ address, port }) => `${address}:${port}`);

/** `connected`, or the system's error. */
const outcomeOf = (host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'failed'));
  });

const inServiceCidr = (last: number) => h.network.serviceCidr.replace('0.0/16', `0.${last}`);

test('a Service answers on its cluster IP and its node port too', async () => {
  const clusterIP = inServiceCidr(10);
  const nodePort = await freePort();
  const service: Service = {
    metadata: { name: 'any' },
    spec: { type: 'NodePort', clusterIP, clusterIPs: [clusterIP], ports: [{ port: 8080, nodePort }] },
  };
  expect(await h.balancers.ensure(serviceRef('fixed'), service, endpoints())).toEqual([]);
  expect(await fetchText(clusterIP, 8080)).toMatch(/:5000$/);
  expect(await fetchText('127.0.0.1', nodePort)).toMatch(/:5000$/);
});

test('a Service made anew under its name takes over the address and the node port', async () => {
  const clusterIP = inServiceCidr(11);
  const nodePort = await freePort();
  const service: Service = {
    metadata: { name: 'any' },
    spec: { type: 'NodePort', clusterIP, clusterIPs: [clusterIP], ports: [{ port: 8080, nodePort }] },
  };
  const former = serviceRef('anew');
  await h.balancers.ensure(former, service, []);
  const ref = { ...former, uid: 'another' };
  await h.balancers.ensure(ref, service, endpoints());
  expect(await fetchText(clusterIP, 8080)).toMatch(/:5000$/);
  expect(await fetchText('127.0.0.1', nodePort)).toMatch(/:5000$/);
  await h.balancers.remove(former);
  expect(await fetchText('127.0.0.1', nodePort)).toMatch(/:5000$/);
});

describe('C5: a node port of several logical clusters', () => {
  const asking = async (cluster: string, created: number, nodePort: number) => {
    const service: Service = {
      metadata: { name: 'any', creationTimestamp: new Date(created * 1000).toISOString() },
      spec: { type: 'NodePort', ports: [{ port: 8080, nodePort }] },
    };
    const ref = { ...serviceRef(`twice-${created}`), cluster };
    const said: string[] = [];
    const ensure = () =>
      h.balancers.ensure(ref, service, [endpointAt(h.places[created]!)], (m) => said.push(m));
    await ensure();
    return { ref, said, ensure };
  };
  const placeOf = (i: number) => `${h.places[i]!.address}:5000`;
  const elsewhere = (said: string[]) =>
    /is served on (\S+):(\d+)/.exec(said[0]!)!.slice(1) as [string, string];

  test('is on the node of the oldest Service, on an address of its own of the other, and says so once', async () => {
    const port = await freePort();
    const older = await asking('default', 0, port);
    const younger = await asking('red', 1, port);
    await younger.ensure();
    expect([older.said, younger.said]).toEqual([
      [],
      [expect.stringContaining('in the logical cluster default')],
    ]);
    const [address, at] = elsewhere(younger.said);
    expect(await fetchText('127.0.0.1', port)).toBe(placeOf(0));
    expect(await fetchText(address, Number(at))).toBe(placeOf(1));

    await h.balancers.remove(older.ref);
    await younger.ensure();
    expect(await fetchText('127.0.0.1', port)).toBe(placeOf(1));
    await expect(fetchText(address, Number(at))).rejects.toThrow('ECONNREFUSED');
    await h.balancers.remove(younger.ref);
  });

  test('goes to the oldest Service whichever comes first, as after a restart', async () => {
    const port = await freePort();
    const younger = await asking('red', 1, port);
    expect(await fetchText('127.0.0.1', port)).toBe(placeOf(1));
    const older = await asking('default', 0, port);
    expect(await fetchText('127.0.0.1', port)).toBe(placeOf(0));
    await younger.ensure();
    const [address, at] = elsewhere(younger.said);
    expect(await fetchText(address, Number(at))).toBe(placeOf(1));
    for (const { ref } of [older, younger]) await h.balancers.remove(ref);
    await expect(fetchText('127.0.0.1', port)).rejects.toThrow('ECONNREFUSED');
  });
});

test('loadBalancerIP is honoured within the range, and ignored outside', async () => {
  const asked = h.network.balancerCidr.replace('0.0/16', '7.7');
  const service = balanced({ port: 8080 });
  service.spec!.loadBalancerIP = asked;
  const ref = serviceRef('asked');
  expect(await h.balancers.ensure(ref, service, endpoints())).toMatchObject([{ ip: asked }]);
  service.spec!.loadBalancerIP = '192.0.2.1';
  const [elsewhere] = await h.balancers.ensure(ref, service, endpoints());
  expect(elsewhere!.ip).not.toBe('192.0.2.1');
});

test('on a loopback address the port of a Service is kept though nobody is behind it', async () => {
  const ref = serviceRef('vacant');
  const service = balanced({ port: 8080 });
  const [ingress] = await h.balancers.ensure(ref, service, []);
  const address = ingress!.ip!;
  await expect(fetchText(address, 8080)).rejects.toThrow();
  const other = createServer();
  const taken = once(other, 'error');
  other.listen(8080, address);
  expect(await taken).toMatchObject([{ code: 'EADDRINUSE' }]);
  const answer = fetchText(address, 8080);
  await h.balancers.ensure(ref, service, endpoints());
  expect(namesOf()).toContain(await answer);
});

test('the last endpoints that go serve until they are gone, and nothing new where others are ready', async () => {
  const ref = serviceRef('going');
  const service = balanced({ port: 8080 });
  const [one, two] = endpoints();
  const going = { ...one!, ready: false, lastResort: true };
  const [ingress] = await h.balancers.ensure(ref, service, [going]);
  expect(await fetchText(ingress!.ip!, 8080)).toBe(namesOf()[0]);
  await h.balancers.ensure(ref, service, [going, two!]);
  for (let i = 0; i < 3; i++) expect(await fetchText(ingress!.ip!, 8080)).toBe(namesOf()[1]);
});

test.each(['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'])(
  'a Service with the label %s is left to somebody else',
  async (label) => {
    const clusterIP = inServiceCidr(12);
    const service: Service = {
      metadata: { name: 'any', labels: { [label]: 'foo-bar' } },
      spec: { type: 'ClusterIP', clusterIP, ports: [{ port: 8080 }] },
    };
    await h.balancers.ensure(serviceRef(`left-${label}`), service, endpoints());
    expect(await outcomeOf(clusterIP, 8080)).toBe('ECONNREFUSED');
    await h.balancers.ensure(
      serviceRef(`left-${label}`),
      { ...service, metadata: { name: 'any' } },
      endpoints(),
    );
    expect(await outcomeOf(clusterIP, 8080)).toBe('connected');
    await h.balancers.remove(serviceRef(`left-${label}`));
  },
);

test('sessionAffinity ClientIP keeps a client with its endpoint while that is ready', async () => {
  const service = balanced({ port: 8080 });
  service.spec!.sessionAffinity = 'ClientIP';
  const ref = serviceRef('affine');
  const [ingress] = await h.balancers.ensure(ref, service, endpoints());
  const first = await fetchText(ingress!.ip!, 8080);
  for (let i = 0; i < 5; i++) expect(await fetchText(ingress!.ip!, 8080)).toBe(first);
  await h.balancers.ensure(
    ref,
    service,
    endpoints().map((e) => ({ ...e, ready: `${e.address}:5000` !== first })),
  );
  expect(await fetchText(ingress!.ip!, 8080)).not.toBe(first);
});

test('a node port that another program has is an error that says so, and heals by another ensure', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port: nodePort } = occupant.address() as { port: number };
  const service: Service = {
    metadata: { name: 'any' },
    spec: { type: 'NodePort', ports: [{ port: 8080, nodePort }] },
  };
  const ref = serviceRef('occupied');
  await expect(h.balancers.ensure(ref, service, endpoints())).rejects.toThrow(
    `cannot listen on 127.0.0.1:${nodePort} (TCP): another program or Service listens there already`,
  );
  await new Promise((resolve) => occupant.close(resolve));
  await h.balancers.ensure(ref, service, endpoints());
  expect(await fetchText('127.0.0.1', nodePort)).toMatch(/:5000$/);
});

test('a port that is taken on every address is served on 127.0.0.1 and the node port', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '0.0.0.0', resolve));
  const { port } = occupant.address() as { port: number };
  const nodePort = await freePort();
  const ingress = await h.balancers.ensure(serviceRef('crowded'), balanced({ port, nodePort }), endpoints());
  expect(ingress).toEqual([
    { ip: '127.0.0.1', ipMode: 'Proxy', ports: [{ port: nodePort, protocol: 'TCP' }] },
  ]);
  expect(await fetchText('127.0.0.1', nodePort)).toMatch(/:5000$/);
  await new Promise((resolve) => occupant.close(resolve));
});

test('without a node port a free port is found, and kept', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '0.0.0.0', resolve));
  const { port } = occupant.address() as { port: number };
  const ref = serviceRef('spare');
  const [ingress] = await h.balancers.ensure(ref, balanced({ port }), endpoints());
  expect(await h.balancers.ensure(ref, balanced({ port }), endpoints())).toEqual([ingress]);
  expect(await fetchText('127.0.0.1', ingress!.ports![0]!.port)).toMatch(/:5000$/);
  await new Promise((resolve) => occupant.close(resolve));
});

test('SCTP is refused in words, and the other ports are served', async () => {
  const clusterIP = inServiceCidr(11);
  const service: Service = {
    metadata: { name: 'any' },
    spec: {
      clusterIP,
      ports: [
        { name: 'a', port: 8080 },
        { name: 'b', port: 9, protocol: 'SCTP' },
      ],
    },
  };
  const named = endpoints().map((endpoint) => ({ ...endpoint, portName: 'a' }));
  await expect(h.balancers.ensure(serviceRef('sctp'), service, named)).rejects.toThrow(
    'port 9: SCTP is not supported here, only TCP and UDP are',
  );
  expect(await fetchText(clusterIP, 8080)).toMatch(/:5000$/);
});

test('UDP goes to an endpoint and back, and to another when that is no longer ready', async () => {
  const servers = await Promise.all(h.places.slice(0, 2).map(({ address }) => echoFrom(address)));
  const ref = serviceRef('datagrams');
  const service = balanced({ port: 5353, protocol: 'UDP' });
  const at = (ready: boolean[]) =>
    servers.map(({ address }, i) =>
      endpointAt({ address, port: 5002 }, { protocol: 'UDP', ready: ready[i]! }),
    );
  const [ingress] = await h.balancers.ensure(ref, service, at([true, false]));
  const client = createSocket('udp4');
  const ask = () =>
    new Promise<string>((resolve) => {
      client.once('message', (message) => resolve(message.toString()));
      client.send('?', 5353, ingress!.ip);
    });
  expect(await ask()).toBe(servers[0]!.address);
  await h.balancers.ensure(ref, service, at([false, true]));
  expect(await ask()).toBe(servers[1]!.address);
  client.close();
  for (const { socket } of servers) socket.close();
});

async function echoFrom(address: string) {
  const socket = createSocket('udp4');
  socket.on('message', (_, { address: to, port }) => socket.send(address, port, to));
  await new Promise<void>((resolve) => socket.bind(5002, address, resolve));
  return { address, socket };
}

describe('C1: what this machine does not let it serve', () => {
  const unowned: Service = {
    metadata: { name: 'any' },
    // An address of nobody stands for a port that takes more rights: neither can be opened.
    spec: {
      type: 'LoadBalancer',
      clusterIP: '192.0.2.1',
      clusterIPs: ['192.0.2.1'],
      ports: [{ port: 8080 }],
    },
  };

  test('is told once, with where it answers instead', async () => {
    const balancers = new LocalLoadBalancers({ clock: systemClock, balancerCidr: '192.0.2.0/24' });
    const said: [string, string | undefined][] = [];
    const ensure = () =>
      balancers.ensure(serviceRef('unowned'), unowned, [], (...each) => said.push([each[0], each[1]]));
    const [point] = await ensure();
    await ensure();
    const port = point?.ports?.[0]?.port ?? 0;
    expect(point?.ip).toBe('127.0.0.1');
    expect(said).toEqual([
      [
        'the cluster IP does not answer: cannot listen on 192.0.2.1:8080 (TCP): this machine does not have the address',
        'ClusterIPNotServed',
      ],
      [
        expect.stringMatching(
          new RegExp(
            `^port 8080 is served on 127.0.0.1:${port}: cannot listen on 192\\.0\\.2\\.\\d+:8080 \\(TCP\\): this machine`,
          ),
        ),
        'PortServedElsewhere',
      ],
    ]);
    await balancers.close();
  });
});
