import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { needs, notLinux } from '../../../../../test/support/needs.ts';
import { askScript, expectWayOut, noLan, runIn } from '../../../../../test/support/wayOut.ts';
import type { LocalNetwork } from '../network.ts';
import { choosePodNetwork } from './choose.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-pods-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ref = (uid: string) => ({ cluster: 'default', namespace: 'default', name: uid, uid });
const setup = async (network: LocalNetwork, uid: string) => (await network.pods.setup(ref(uid))).ip;

describe('which network', () => {
  test('macOS and Windows share 127.0.0.1', async () => {
    const network = await choosePodNetwork({ prefer: 'auto', folder, platform: 'darwin' });
    expect(network).toMatchObject({ kind: 'shared' });
    expect(await setup(network, 'a')).toBe('127.0.0.1');
  });

  test('namespaces off Linux are refused', () =>
    expect(choosePodNetwork({ prefer: 'netns', folder, platform: 'darwin' })).rejects.toThrow('Linux only'));

  test('without root: loopback, and it says why', async () => {
    const network = await choosePodNetwork({ prefer: 'auto', folder, platform: 'linux', isRoot: false });
    expect(network.kind).toBe('loopback');
    expect(network.explanation).toMatch(/^without root: each Pod has a loopback address/);
    await network.close();
  });
});

test('an ordinary user has loopback addresses where the tools for more are missing, and it says why', async () => {
  const { PATH = '' } = process.env;
  process.env.PATH = folder;
  try {
    const options = { folder: join(folder, 'bare'), platform: 'linux', isRoot: false, user: 'one' } as const;
    const network = await choosePodNetwork({ ...options, prefer: 'auto' });
    expect(network.kind).toBe('loopback');
    expect(network.explanation).toMatch(
      /^network namespaces do not work here \(.*unshare.*\): each Pod has a loopback/,
    );
    await network.close();
    await expect(choosePodNetwork({ ...options, prefer: 'netns' })).rejects.toThrow('unshare');
  } finally {
    process.env.PATH = PATH;
  }
});

describe('loopback addresses', () => {
  const open = (name: string) => choosePodNetwork({ prefer: 'loopback', folder: join(folder, name) });

  test('are unique, kept over restarts, and free after teardown', async () => {
    const before = await open('one');
    const [a, b] = [await setup(before, 'a'), await setup(before, 'b')];
    expect(a).not.toBe(b);
    await before.pods.teardown(ref('b'));
    await before.pods.teardown(ref('never there'));
    await before.close();
    const after = await open('one');
    expect(after.serviceCidr).toBe(before.serviceCidr);
    expect(await setup(after, 'a')).toBe(a);
    expect(await readdir(join(folder, 'one', 'pods'))).toEqual([`${a}_a`]);
    await after.close();
  });

  needs(notLinux).test('of two instances never meet', async () => {
    const networks = await Promise.all(Array.from({ length: 8 }, (_, i) => open(`many-${i}`)));
    const ranges = networks.flatMap((n) => [n.serviceCidr, n.balancerCidr]);
    expect(new Set(ranges).size).toBe(16);
    for (const network of networks) await network.close();
  });
});

const isRoot = process.getuid?.() === 0;

needs(notLinux || (!isRoot && 'root only')).describe('network namespaces', () => {
  const open = (prefer: 'netns' | 'auto' = 'netns') =>
    choosePodNetwork({ prefer, folder: join(folder, 'netns') }).catch((error: Error) => {
      process.stderr.write(`network namespaces do not work here: ${error.message}\n`);
      return undefined;
    });
  const run = ([program, ...args]: string[]) =>
    new Promise<string>((resolve) => execFile(program!, args, (_, out) => resolve(out.trim())));

  test('each Pod has its address, which survives a restart; cluster IPs answer inside; nothing is left', async () => {
    const network = await open();
    if (!network) return;
    const pod = await network.pods.setup(ref('a'));
    expect(await run(pod.wrap(['ip', '-4', '-br', 'addr', 'show', 'dev', 'eth0']))).toContain(`${pod.ip}/17`);

    const clusterIP = network.serviceCidr.replace('0/17', '9');
    await network.clusterAddresses!.add(clusterIP);
    await network.clusterAddresses!.add(clusterIP);
    const server = createServer((socket) => socket.end('from the machine'));
    await new Promise<void>((resolve) => server.listen(80, clusterIP, resolve));
    expect(await runIn(pod, askScript(clusterIP, 80))).toBe('from the machine');
    await new Promise((resolve) => server.close(resolve));
    await network.close();

    const again = (await open())!;
    expect(again.serviceCidr).toBe(network.serviceCidr);
    expect(await setup(again, 'a')).toBe(pod.ip);
    expect(await run(['ip', '-br', 'addr'])).not.toContain(clusterIP);
    await again.pods.teardown(ref('a'));
    await again.close();
    const left = await run(['ip', '-br', 'link']);
    expect(left).not.toContain(/on bridge (\w+)/.exec(network.explanation)![1]);
  });

  needs(noLan).test('other machines are reached, and nothing of the way there is left', async () => {
    const network = await open();
    if (!network) return;
    const pod = await network.pods.setup(ref('a'));
    await expectWayOut(pod);
    await network.close();
    // The Pod goes on, and so does its way once there is a control plane again, which does not set it up.
    const again = (await open())!;
    await expectWayOut(pod);
    await again.pods.teardown(ref('a'));
    await again.close();
    const [, octet] = /address of 10\.(\d+)\./.exec(network.explanation)!;
    expect(await run(['ip', '-br', 'link'])).not.toContain(`shp${octet}out`);
    expect(await run(['ip', 'netns', 'list'])).not.toContain(`shallop${octet}-`);
  });
});
