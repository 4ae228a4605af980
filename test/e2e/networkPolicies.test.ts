import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  choosePodNetwork,
  LocalLoadBalancers,
  type LocalNetwork,
} from '../../src/local/drivers/network/index.ts';
import { findNft } from '../../src/local/drivers/network/policies/nft.ts';
import { connectTo, placeAt } from '../../src/local/drivers/sockets.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { PodTraffic } from '../../src/shared/ports/cloud.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const nft = await findNft(process.env.PATH ?? '');

/** Docker and others forbid what one Pod sends another over a bridge, where bridges go through the machine's firewall. */
function isFirewalled(program: string): boolean {
  const setting = '/proc/sys/net/bridge/bridge-nf-call-iptables';
  if (!existsSync(setting) || readFileSync(setting, 'utf8').trim() !== '1') return false;
  return /hook forward .*policy drop/.test(execFileSync(program, ['list', 'ruleset'], { encoding: 'utf8' }));
}

const noNft = !nft && 'there is no nft here';
const noRoot =
  (!isRoot && 'root on Linux only') ||
  noNft ||
  (nft && isFirewalled(nft) && "this machine's firewall lets nothing through bridges (Docker's does so)");

const port = 8080;
const serving = `require('node:net').createServer((s) => { s.on('error', () => {}); s.end('here'); }).listen(${port}, '0.0.0.0')`;
const asking = (address: string) =>
  `const s = require('node:net').connect({ host: '${address}', port: ${port}, timeout: 700 });
   s.on('data', () => process.exit(0)).on('error', () => process.exit(1)).on('timeout', () => process.exit(2)).on('close', () => process.exit(3));`;

interface Place {
  uid: string;
  ip: string;
  wrap(command: string[]): string[];
}

/** Root makes user namespaces as an ordinary user does, and has no more rights in them. */
const own = { prefer: 'netns', isRoot: false } as const;
const noUserns =
  noNft ||
  (await mkdtemp(join(tmpdir(), 'shallop-userns-')).then((folder) =>
    choosePodNetwork({ ...own, folder })
      .then(
        (network) => network.close().then(() => false as const),
        ({ message }: Error) => `no user namespaces with networks here: ${message}`,
      )
      .finally(() => rm(folder, { recursive: true })),
  ));

describe.each([
  ['Pods, by the kernel', { prefer: 'netns' } as const, noRoot],
  ["an ordinary user's Pods, by the kernel", own, noUserns],
  ['Pods, by the proxy', { prefer: 'netns' } as const, noRoot],
  ["an ordinary user's Pods, by the proxy", own, noUserns],
])('policies in the network namespaces of %s', (name, choice, obstacle) => {
  const { test } = needs(obstacle);
  let folder: string;
  let network: LocalNetwork;
  let balancers: LocalLoadBalancers;
  let clusterIP: string;
  let server: Place;
  let friend: Place;
  let stranger: Place;
  const running: ChildProcess[] = [];
  const service = { cluster: 'default', namespace: 'n', name: 'web', uid: 'service' };

  const refOf = (uid: string) => ({ cluster: 'default', namespace: 'n', name: uid, uid });
  const place = async (uid: string): Promise<Place> => ({ uid, ...(await network.pods.setup(refOf(uid))) });
  const run = (where: Place, code: string) => {
    const [file = '', ...args] = where.wrap([process.execPath, '-e', code]);
    return spawn(file, args, { stdio: 'ignore' });
  };
  const reaches = (from: Place, address: string) =>
    new Promise<boolean>((resolve) => {
      run(from, asking(address)).once('exit', (code) => resolve(code === 0));
    });
  const machineReaches = async (address: string) => {
    const place = placeAt(network.socketsAt, address, port);
    const socket = await connectTo(place, { timeoutMs: 700 }).catch(() => undefined);
    return new Promise<boolean>((resolve) => {
      const end = (outcome: boolean) => {
        socket?.destroy();
        resolve(outcome);
      };
      if (!socket) return end(false);
      socket.setTimeout(700, () => end(false));
      socket.once('data', () => end(true)).once('error', () => end(false));
    });
  };
  const enforce = (rules: Record<string, Pick<PodTraffic, 'ingress' | 'egress'>>) =>
    network.policies.enforce(
      'default',
      [server, friend, stranger].map(({ uid, ip }) => ({ ref: refOf(uid), address: ip, ...rules[uid] })),
    );
  const onlyFriend = () => [
    {
      peers: { addresses: [friend.ip], blocks: [] },
      ports: [{ protocol: 'TCP' as const, first: port, last: port }],
    },
  ];
  /** Friend and stranger, at the Pod and at its Service. Who is to be let in may be slow in asking. */
  const expectReached = async (...wanted: [boolean, boolean, boolean, boolean]) => {
    const places = [friend, friend, stranger, stranger].map(
      (from, i) => [from, i % 2 ? clusterIP : server.ip] as const,
    );
    for (const [i, [from, address]] of places.entries())
      if (wanted[i]) await until(`${from.uid} reaches ${address}`, () => reaches(from, address));
      else expect([from.uid, address, await reaches(from, address)]).toEqual([from.uid, address, false]);
  };

  beforeAll(async () => {
    if (obstacle) return;
    folder = await mkdtemp(join(tmpdir(), 'shallop-policies-'));
    network = await choosePodNetwork({ ...choice, folder });
    balancers = new LocalLoadBalancers({
      clock: systemClock,
      balancerCidr: network.balancerCidr,
      ...(network.clusterAddresses && { clusterAddresses: network.clusterAddresses }),
      allows: network.policies.allows,
      reached: (host, port) => placeAt(network.socketsAt, host, port),
      socketsAt: network.socketsAt,
      ...(name.endsWith('kernel') && { translation: network.translation }),
      timings: { waitMs: 300 },
    });
    [server, friend, stranger] = [await place('server'), await place('friend'), await place('stranger')];
    running.push(run(server, serving));
    clusterIP = network.serviceCidr.replace(/\.0\/\d+$/, '.77');
    await balancers.ensure(
      service,
      {
        metadata: { name: 'web', namespace: 'n' },
        spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port, protocol: 'TCP' }] },
      },
      [{ address: server.ip, port, portName: '', protocol: 'TCP', ready: true }],
    );
    await until('the server answers', () => machineReaches(server.ip));
  });

  afterAll(async () => {
    if (obstacle) return;
    for (const child of running) child.kill('SIGKILL');
    await balancers?.close();
    for (const uid of ['server', 'friend', 'stranger', 'late']) await network?.pods.teardown(refOf(uid));
    await network?.close();
    await rm(folder, { recursive: true });
  });

  test('without a policy everybody reaches everybody', async () => {
    expect(network.policies.whyNot).toBeUndefined();
    expect(network.translation).toBeDefined();
    await enforce({});
    await expectReached(true, true, true, true);
  });

  test('who is let in is let in, directly and through a Service, and nobody else but the machine', async () => {
    await enforce({ server: { ingress: onlyFriend() } });
    await expectReached(true, true, false, false);
    await until('the machine reaches it', () => machineReaches(server.ip));
    await until('the machine reaches its Service', () => machineReaches(clusterIP));
  });

  test('who may not go out does not, and is still answered where others come to it', async () => {
    await enforce({ friend: { egress: [] }, server: { egress: [] } });
    await expectReached(false, false, true, true);
  });

  test('an excepted part of a block is not let in', async () => {
    const blocks = [{ cidr: '10.0.0.0/8', except: [`${stranger.ip}/32`] }];
    await enforce({ server: { ingress: [{ peers: { addresses: [], blocks } }] } });
    await expectReached(true, true, false, false);
  });

  test('a Pod that is not there yet has its rules when it comes', async () => {
    await network.policies.enforce('default', [{ ref: refOf('late'), egress: [] }]);
    const late = await place('late');
    expect(await reaches(late, server.ip)).toBe(false);
  });

  test('rules that are taken away are gone', async () => {
    await enforce({});
    await expectReached(true, true, true, true);
  });
});

describe('where nothing filters', () => {
  test('it says why', async () => {
    const other = await mkdtemp(join(tmpdir(), 'shallop-policies-'));
    const loopback = await choosePodNetwork({ prefer: 'loopback', folder: other, platform: 'linux' });
    expect(loopback.policies.whyNot).toMatch(/^Pods share the network of this machine/);
    await loopback.close();
    await rm(other, { recursive: true });
  });
});
