import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, test as always, beforeAll, describe, expect } from '@jest/globals';
import {
  choosePodNetwork,
  LocalDemand,
  LocalLoadBalancers,
  type LocalNetwork,
} from '../../src/local/drivers/network/index.ts';
import { findNft } from '../../src/local/drivers/network/policies/nft.ts';
import { placeAt } from '../../src/local/drivers/sockets.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Service } from '../../src/shared/kinds/schema/types.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const nft = await findNft(process.env.PATH ?? '');
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const asRoot = { prefer: 'netns' } as const;
/** Root makes user namespaces as an ordinary user does, and has no more rights in them. */
const asUser = { prefer: 'netns', isRoot: false } as const;

async function obstacleTo(choice: typeof asRoot | typeof asUser): Promise<string | false> {
  if (!nft) return 'there is no nft here';
  if (choice === asRoot && !isRoot) return 'root on Linux only';
  const folder = await mkdtemp(join(tmpdir(), 'shallop-translation-'));
  try {
    await (await choosePodNetwork({ ...choice, folder })).close();
    return false;
  } catch (error) {
    return `no network namespaces here: ${(error as Error).message}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const port = 8080;
/** Says who it is and whom it sees. */
const serving = `require('node:net').createServer((s) => { s.on('error', () => {}); s.end(process.env.ME + ' sees ' + s.remoteAddress); }).listen(${port}, '0.0.0.0')`;
const asking = (address: string) =>
  `const s = require('node:net').connect({ host: '${address}', port: ${port}, timeout: 900 });
   s.on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code)).on('timeout', () => { console.log('silence'); s.destroy(); });`;

interface Place {
  uid: string;
  ip: string;
  wrap(command: string[]): string[];
}

describe.each([
  ['Pods', asRoot, await obstacleTo(asRoot)],
  ["an ordinary user's Pods", asUser, await obstacleTo(asUser)],
])('Services in the kernels of %s', (_, choice, obstacle) => {
  const { test } = needs(obstacle);
  const running: ChildProcess[] = [];
  let folder: string;
  let network: LocalNetwork;
  let balancers: LocalLoadBalancers;
  let demand: LocalDemand;
  let clusterIP: string;
  let [one, two, client]: Place[] = [];

  const refOf = (uid: string) => ({ cluster: 'default', namespace: 'n', name: uid, uid });
  const service = refOf('web');
  const open = async () => {
    network = await choosePodNetwork({ ...choice, folder });
    demand = new LocalDemand(systemClock);
    balancers = new LocalLoadBalancers({
      ...{ clock: systemClock, balancerCidr: network.balancerCidr, demand },
      ...(network.clusterAddresses && { clusterAddresses: network.clusterAddresses }),
      reached: (host, at) => placeAt(network.socketsAt, host, at),
      socketsAt: network.socketsAt,
      translation: network.translation,
      timings: { waitMs: 300 },
    });
  };
  const place = async (uid: string): Promise<Place> => ({
    uid,
    ...(await network.pods.setup(refOf(uid), 'a')),
  });
  const ensure = (places: (Place | undefined)[], spec: Service['spec'] = {}, nodeName = 'a') =>
    balancers.ensure(
      service,
      {
        metadata: { name: 'web', namespace: 'n' },
        spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port, protocol: 'TCP' }], ...spec },
      },
      places.map((each) => ({
        address: each!.ip,
        port,
        portName: '',
        protocol: 'TCP',
        ready: true,
        nodeName,
      })),
    );
  const ask = async (from: Place | undefined, address = clusterIP): Promise<string> => {
    const [file = '', ...args] = from!.wrap([process.execPath, '-e', asking(address)]);
    return (await promisify(execFile)(file, args)).stdout.trim();
  };
  const answered = (from: Place | undefined, answer: string) =>
    until(`${from!.uid} hears ${answer}`, async () => (await ask(from)) === answer);

  /** Resolves when every Pod has been told what was said before. */
  const allHeard = async () => network.translation?.heard('default');
  const restart = async () => {
    network.translation?.close();
    await balancers.close();
    await network.close();
    await open();
    [one, two, client] = [await place('one'), await place('two'), await place('client')];
  };

  beforeAll(async () => {
    if (obstacle) return;
    folder = await mkdtemp(join(tmpdir(), 'shallop-translation-'));
    await open();
    balancers.expect('default', []);
    [one, two, client] = [await place('one'), await place('two'), await place('client')];
    for (const server of [one, two]) {
      const [file = '', ...args] = server.wrap([process.execPath, '-e', serving]);
      running.push(spawn(file, args, { stdio: 'ignore', env: { ...process.env, ME: server.uid } }));
    }
    clusterIP = network.serviceCidr.replace(/\.0\/\d+$/, '.77');
    await until('the servers answer', async () => (await ask(client, two!.ip)).startsWith('two sees'));
  });

  afterAll(async () => {
    if (obstacle) return;
    for (const child of running) child.kill('SIGKILL');
    await balancers?.close();
    for (const uid of ['one', 'two', 'client', 'late']) await network?.pods.teardown(refOf(uid));
    await network?.close();
    await rm(folder, { recursive: true });
  });

  test('a program sees its client, itself too, whatever the Pods were before', async () => {
    await ensure([one]);
    await answered(client, `one sees ${client!.ip}`);
    await answered(one, `one sees ${one!.ip}`);
    const late = await place('late');
    expect(await ask(late)).toBe(`one sees ${late.ip}`);
  });

  test('a client stays with its endpoint where that is asked for, and goes on when it leaves', async () => {
    await ensure([one, two], { sessionAffinity: 'ClientIP' });
    await allHeard();
    const first = await ask(client);
    expect(first).toMatch(` sees ${client!.ip}`);
    for (let i = 0; i < 6; i++) expect(await ask(client)).toBe(first);
    const other = first.startsWith('one') ? two : one;
    await ensure([other], { sessionAffinity: 'ClientIP' });
    await answered(client, `${other!.uid} sees ${client!.ip}`);
  });

  test('nobody is led to a Pod that is about to end, once that is said', async () => {
    await ensure([one, two]);
    await network.pods.leaving?.(refOf('two'));
    for (let i = 0; i < 8; i++) expect(await ask(client)).toBe(`one sees ${client!.ip}`);
  });

  test('where a Service keeps to Nodes, clients are led to endpoints of theirs only', async () => {
    await ensure([one], { internalTrafficPolicy: 'Local' });
    await answered(client, `one sees ${client!.ip}`);
    await ensure([one], { internalTrafficPolicy: 'Local' }, 'b');
    await answered(client, 'silence');
  });

  test('a Service that may sleep is used where that is counted', async () => {
    await ensure([one]);
    await answered(client, `one sees ${client!.ip}`);
    await demand.follow(service, false);
    expect(await ask(client)).not.toBe(`one sees ${client!.ip}`);
    await demand.forget(service);
    await answered(client, `one sees ${client!.ip}`);
  });

  test('nobody behind it: refused', async () => {
    await ensure([]);
    await until('it refuses', async () => (await ask(client)) === 'ECONNREFUSED');
  });

  test('a client stays with its endpoint although the control plane starts anew', async () => {
    await ensure([one, two], { sessionAffinity: 'ClientIP' });
    await allHeard();
    const clients = [one, two, client];
    const before = await Promise.all(clients.map((each) => ask(each)));
    await restart();
    await ensure([two, one], { sessionAffinity: 'ClientIP' });
    balancers.expect('default', [service]);
    await allHeard();
    for (let i = 0; i < 3; i++) expect(await Promise.all(clients.map((each) => ask(each)))).toEqual(before);
  });

  test('Pods outlive the control plane with what they were told, and hear of the next one', async () => {
    await ensure([one]);
    await answered(client, `one sees ${client!.ip}`);
    await restart();
    balancers.expect('default', [refOf('other'), service]);
    await balancers.remove(refOf('other'));
    expect(await ask(client)).toBe(`one sees ${client!.ip}`);
    await ensure([two]);
    await answered(client, `two sees ${client!.ip}`);
    await ensure([two], { internalTrafficPolicy: 'Local' }, 'b');
    await answered(client, 'silence');
  });
});

always('a network without namespaces leads nobody', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-translation-'));
  const network = await choosePodNetwork({ prefer: 'loopback', folder });
  expect(network.translation).toBeUndefined();
  await network.close();
  await rm(folder, { recursive: true });
});
