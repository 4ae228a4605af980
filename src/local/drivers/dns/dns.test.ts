import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import dns, { type Answer, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { until } from '../../../../test/support/until.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import type { Service } from '../../../shared/kinds/schema/types.ts';
import type { LoadBalancers } from '../../../shared/ports/cloud.ts';
import { type Forwarder, openForwarder } from './forward.ts';
import { withLength } from './framing.ts';
import { openClusterDns } from './index.ts';
import { listenDns } from './listen.ts';
import { ClusterNames } from './names.ts';
import { createRespond, type Respond } from './respond.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const many = Array.from({ length: 60 }, (_, i) => `10.0.0.${i}`);
const names = new ClusterNames();
await names.publish({ cluster: 'default', namespace: 'ns', name: 'many', uid: 'many' }, [
  { name: 'many.ns.svc', type: 'A', values: many },
  { name: 'few.ns.svc', type: 'A', values: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] },
  { name: 'out.ns.svc', type: 'CNAME', values: ['example.com.'] },
]);
const nobody: Forwarder = { ask: async () => undefined };
const responding = (forwarder = nobody): Respond =>
  createRespond({
    zone: () => names.zone('default'),
    isOwn: () => false,
    forwarder,
    clock: new ManualClock(),
  });

const query = (name: string, more: Partial<Packet> = {}): Buffer =>
  dns.encode({
    type: 'query',
    id: 7,
    flags: dns.RECURSION_DESIRED,
    questions: [{ type: 'A', name }],
    ...more,
  });
const edns = (udpPayloadSize: number): Answer[] => [
  {
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  },
];
const decoded = (bytes: Buffer | undefined) => dns.decode(bytes!);
const data = ({ answers = [] }: Packet) => answers.map((each) => ('data' in each ? each.data : undefined));

describe('what is answered', () => {
  test.each([
    ['over UDP as much as fits', 'udp', undefined, 512],
    ['over UDP no more than passes everywhere', 'udp', 65_000, 1232],
    ['over TCP everything', 'tcp', undefined, 65_535],
  ] as const)('%s', async (_, over, size, limit) => {
    const bytes = await responding()(
      query('many.ns.svc.cluster.local', size ? { additionals: edns(size) } : {}),
      over,
    );
    const reply = decoded(bytes);
    const isWhole = reply.answers?.length === many.length;
    expect(bytes!.length).toBeLessThanOrEqual(limit);
    expect(reply).toMatchObject({ id: 7, flag_tc: !isWhole, flag_aa: true, flag_ra: true, flag_rd: true });
    expect(reply.answers!.length).toBeGreaterThan(25);
    expect(isWhole).toBe(limit > 1000);
    expect(reply.additionals?.map(({ type }) => type)).toEqual(size ? ['OPT'] : []);
    expect(reply.answers?.every(({ name }) => name === 'many.ns.svc.cluster.local')).toBe(true);
  });

  test('the first address changes from one question to the next', async () => {
    const respond = responding();
    const firsts = [];
    for (let i = 0; i < 3; i++)
      firsts.push(data(decoded(await respond(query('few.ns.svc.cluster.local'), 'udp')))[0]);
    expect(firsts.sort()).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });

  test('other names are asked elsewhere, and where nobody answers it failed', async () => {
    const forwarder: Forwarder = { ask: async (bytes) => Buffer.concat([bytes, Buffer.from('!')]) };
    const asked = query('example.com');
    expect(String(await responding(forwarder)(asked, 'udp'))).toBe(`${asked}!`);
    expect(decoded(await responding()(asked, 'udp'))).toMatchObject({
      id: 7,
      rcode: 'SERVFAIL',
      questions: [{ name: 'example.com' }],
    });
  });

  test('an alias comes with what it leads to', async () => {
    const forwarder: Forwarder = {
      ask: async (bytes) => {
        const { id = 0, questions } = dns.decode(bytes);
        return dns.encode({
          type: 'response',
          id,
          questions,
          answers: [{ type: 'A', name: 'example.com', data: '192.0.2.1' }],
        });
      },
    };
    expect(data(decoded(await responding(forwarder)(query('out.ns.svc.cluster.local'), 'udp')))).toEqual([
      'example.com',
      '192.0.2.1',
    ]);
  });

  test.each([
    ['no question', query('a', { questions: [] }), 'FORMERR'],
    ['half a question', query('example.com').subarray(0, 18), 'FORMERR'],
    ['another operation', query('a', { flags: 2 << 11 }), 'NOTIMP'],
  ])('%s is refused', async (_, bytes, rcode) => {
    expect(decoded(await responding()(bytes, 'udp'))).toMatchObject({ id: 7, rcode });
  });

  test('answers get no answer, and nothing makes it throw', async () => {
    expect(await responding()(query('a', { type: 'response' }), 'udp')).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
        await responding()(Buffer.from(bytes), 'udp');
        await responding()(Buffer.concat([query('a').subarray(0, 12), Buffer.from(bytes)]), 'udp');
      }),
    );
  });
});

/** A server that answers each question of `example.com` with this address, or is silent. */
async function upstream(address: string | undefined) {
  const respond: Respond = async (bytes) => {
    const { id = 0, questions } = dns.decode(bytes);
    if (!address) return undefined;
    return dns.encode({
      type: 'response',
      id,
      questions,
      answers: [{ type: 'A', name: 'example.com', data: address }],
    });
  };
  const port = await freePort();
  const listener = await listenDns('127.0.0.1', port, respond);
  closing.push(() => listener.close());
  return { address: '127.0.0.1', port };
}

/** A port that nobody has over UDP or TCP. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  if (isFree) await new Promise((resolve) => server.close(resolve));
  return isFree ? port : freePort();
}

test.each(['udp', 'tcp'] as const)('over %s servers that fail are passed over', async (over) => {
  const gone = { address: '127.0.0.1', port: await freePort() };
  const working = await upstream('192.0.2.7');
  const forwarder = openForwarder(() => [gone, working]);
  const answer = decoded(await forwarder.ask(query('example.com'), over));
  expect([answer.id, data(answer)]).toEqual([7, ['192.0.2.7']]);
});

test('one client has so many connections at once, and another when one of them ends', async () => {
  const { port } = await upstream('192.0.2.7');
  const held = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(socket));
      socket.on('error', () => {});
      closing.push(() => socket.destroy());
    });
  /** Returns whether something is answered on it. */
  const answers = (socket: Socket): Promise<boolean> =>
    new Promise((resolve) => {
      socket.once('data', () => resolve(true)).once('close', () => resolve(false));
      socket.write(withLength(query('example.com')));
    });
  const sockets = await Promise.all(Array.from({ length: 32 }, held));
  expect(await Promise.all(sockets.map(answers))).toEqual(sockets.map(() => true));
  expect(await answers(await held())).toBe(false);
  sockets[0]!.destroy();
  await until('there is room again', async () => answers(await held()));
});

test('a server that this machine cannot reach is passed over', async () => {
  // Node tells of it to the callback of connect() instead of by an error.
  const working = await upstream('192.0.2.7');
  const forwarder = openForwarder(() => [
    { address: '255.255.255.255', port: 53 },
    { address: 'fe80::1', port: 53 },
    working,
  ]);
  const answer = decoded(await forwarder.ask(query('example.com'), 'udp'));
  expect(data(answer)).toEqual(['192.0.2.7']);
});

describe('the Service kube-dns', () => {
  const ref = { cluster: 'default', namespace: 'kube-system', name: 'kube-dns', uid: 'dns' };
  const service = (spec: Service['spec']): Service => ({
    metadata: { name: ref.name },
    spec: { clusterIP: '127.0.0.1', ...spec },
  });

  async function open() {
    const ensured: string[] = [];
    const expected: string[] = [];
    const inner: LoadBalancers = {
      ensure: async ({ uid }) => {
        ensured.push(uid);
        return [];
      },
      remove: async () => {},
      list: async () => [],
      expect: (cluster, services) =>
        void expected.push(`${cluster}: ${services.map(({ uid }) => uid).join()}`),
    };
    const port = await freePort();
    const dnsOf = openClusterDns({ clock: systemClock, isOwn: () => false, upstreams: () => [], port });
    closing.push(() => dnsOf.close());
    const balancers = dnsOf.serving(inner);
    await dnsOf.names.publish({ ...ref, name: 'web', uid: 'web' }, [
      { name: 'web.ns.svc', type: 'A', values: ['10.0.0.1'] },
    ]);
    return { balancers, port, ensured, expected, addressOf: () => dnsOf.addressOf('default') };
  }

  const overTcp = (port: number, messages: Buffer) =>
    new Promise<Buffer>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(messages));
      const parts: Buffer[] = [];
      socket
        .on('data', (part) => parts.push(part))
        .on('end', () => resolve(Buffer.concat(parts)))
        .on('error', reject);
    });

  test('what else is served hears which Services there are', async () => {
    const { balancers, expected } = await open();
    balancers.expect?.('default', [ref]);
    expect(expected).toEqual(['default: dns']);
  });

  test('answers on its cluster IP over UDP and TCP', async () => {
    const { balancers, port, addressOf } = await open();
    await balancers.ensure(ref, service({}), []);
    expect(await addressOf()).toBe('127.0.0.1');
    expect((await balancers.list()).map(({ name }) => name)).toEqual(['kube-dns']);
    const asked = query('web.ns.svc.cluster.local');
    const forwarder = openForwarder(() => [{ address: '127.0.0.1', port }]);
    expect(data(decoded(await forwarder.ask(asked, 'udp')))).toEqual(['10.0.0.1']);
    const answers = await overTcp(port, Buffer.concat([withLength(asked), withLength(asked)]));
    const first = dns.streamDecode(answers);
    const second = dns.streamDecode(answers.subarray(2 + answers.readUInt16BE(0)));
    expect([first, second].map(data)).toEqual([['10.0.0.1'], ['10.0.0.1']]);
  });

  test('is somebody else’s when it has a selector', async () => {
    const { balancers, ensured, addressOf } = await open();
    await balancers.ensure(ref, service({}), []);
    await balancers.ensure(ref, service({ selector: { app: 'coredns' } }), []);
    expect(ensured).toEqual(['dns']);
    expect(await addressOf()).toBe('127.0.0.1');
  });

  test('without an address is served nowhere', async () => {
    const { balancers, ensured, addressOf } = await open();
    await balancers.ensure(ref, service({ clusterIP: 'None' }), []);
    expect(ensured).toEqual(['dns']);
    expect(await addressOf()).toBeUndefined();
  });

  test('that cannot be served says so once, and Pods ask whom the machine asks', async () => {
    const { balancers, port, addressOf } = await open();
    const other = await listenDns('127.0.0.1', port, async () => undefined);
    closing.push(() => other.close());
    const said: string[] = [];
    await balancers.ensure(ref, service({}), [], (message) => said.push(message));
    await balancers.ensure(ref, service({}), [], (message) => said.push(message));
    expect(said).toEqual(['cluster DNS does not answer on 127.0.0.1: another program listens there already']);
    expect(await addressOf()).toBeUndefined();
  });
});
