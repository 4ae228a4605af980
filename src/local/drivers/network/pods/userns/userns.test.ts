import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { needs } from '../../../../../../test/support/needs.ts';
import { until } from '../../../../../../test/support/until.ts';
import { askScript, expectWayOut, noLan, runIn } from '../../../../../../test/support/wayOut.ts';
import { systemClock } from '../../../../../shared/clock/systemClock.ts';
import type { PodAddress } from '../../../podNetwork.ts';
import { startTimeOf } from '../../../pods/process/identity.ts';
import { bindAt, connectTo, listenAt, placeAt } from '../../../sockets.ts';
import type { LocalNetwork } from '../../network.ts';
import { openUserns } from './userns.ts';

/** Root is given no more than an ordinary user here: a namespace of one user. */
const folder = mkdtempSync(join(tmpdir(), 'shallop-userns-'));
const options = { user: 'one', clock: systemClock } as const;
const open = () => openUserns(folder, options);
const obstacle = await open().then(
  (network) => network.close().then(() => false as const),
  (error: Error) => `no user namespaces with networks here: ${error.message}`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ref = (uid: string) => ({ cluster: 'default', namespace: 'default', name: uid, uid });
const holder = () => Number(readFileSync(join(folder, 'holder'), 'utf8').split(' ')[0]);
const textOf = async (socket: Socket) => {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
};
/** Says the Pod's name to whoever connects. */
const serve = (name: string, port: number) =>
  `require('net').createServer(s=>s.end('${name}')).listen(${port},'0.0.0.0',()=>console.log('up'))`;
needs(obstacle).describe('a network of an ordinary user', () => {
  let network: LocalNetwork;
  const programs: ReturnType<typeof spawn>[] = [];
  const start = async (pod: PodAddress, script: string) => {
    const [program = '', ...args] = pod.wrap([process.execPath, '-e', script]);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    programs.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
  };
  const at = (host: string, port: number) => placeAt(network.socketsAt, host, port);
  beforeAll(async () => {
    network = await open();
  });
  afterEach(() => {
    for (const child of programs.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => network.close());

  test('two Pods listen on one port below 1024, and the control plane reaches each', async () => {
    const [a, b] = [await network.pods.setup(ref('a')), await network.pods.setup(ref('b'))];
    await Promise.all([start(a, serve('a', 80)), start(b, serve('b', 80))]);
    const said = await Promise.all(
      [a, b].map(async ({ ip }) => textOf(await connectTo(at(ip, 80), { timeoutMs: 5000 }))),
    );
    expect(said).toEqual(['a', 'b']);
    expect(await runIn(a, askScript(b.ip, 80))).toBe('b');
    await expect(connectTo(at(a.ip, 81), { timeoutMs: 5000 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  test('cluster IPs answer Pods from the control plane, over TCP and UDP', async () => {
    const pod = await network.pods.setup(ref('a'));
    const clusterIP = network.serviceCidr.replace('0/17', '9');
    await network.clusterAddresses!.add(clusterIP);
    const server = createServer((socket) => socket.end(`for ${socket.remoteAddress}`));
    await listenAt(server, at(clusterIP, 443));
    expect(await runIn(pod, askScript(clusterIP, 443))).toBe(`for ${pod.ip}`);
    const datagrams = await bindAt(at(clusterIP, 53));
    datagrams.on('message', (said, from) => datagrams.send(`heard ${said}`, from.port, from.address));
    const script = `const s=require('dgram').createSocket('udp4');s.on('message',m=>{console.log(String(m));s.close()});s.send('it',53,'${clusterIP}')`;
    expect(await runIn(pod, script)).toBe('heard it');
    await new Promise((resolve) => server.close(resolve));
    datagrams.close();
    await expect(listenAt(createServer(), at('10.255.255.255', 1))).rejects.toThrow();
  });

  needs(noLan).test('other machines are reached over TCP and UDP, and refuse where they do', async () =>
    expectWayOut(await network.pods.setup(ref('a'))),
  );

  test('what a Pod runs goes on while another control plane takes over', async () => {
    const pod = await network.pods.setup(ref('a'));
    await start(pod, serve('still there', 80));
    const before = holder();
    await network.close();
    network = await open();
    expect(holder()).toBe(before);
    expect((await network.pods.setup(ref('a'))).ip).toBe(pod.ip);
    expect(await textOf(await connectTo(at(pod.ip, 80), { timeoutMs: 5000 }))).toBe('still there');
    expect(await network.pods.processes!(ref('a'))).toEqual([programs[0]!.pid]);
  });

  test('a process in the network that ends is started anew', async () => {
    const pod = await network.pods.setup(ref('a'));
    await start(pod, serve('a', 80));
    const relays = () =>
      execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes('relayProcess'));
    await until('the process in the network', () => relays().length === 1);
    process.kill(Number(relays()[0]!.trim().split(' ')[0]), 'SIGKILL');
    await until('the Pod is reached again', () =>
      connectTo(at(pod.ip, 80), { timeoutMs: 1000 }).then(
        (socket) => Boolean(socket.destroy()),
        () => false,
      ),
    );
  });

  test('what runs in a network whose holder was killed is ended, and nothing else', async () => {
    const runs = join(folder, 'runs');
    mkdirSync(runs);
    const marked = (run: string) =>
      spawn('sleep', ['600'], { env: { ...process.env, SHALLOP_RUN: run }, stdio: 'ignore' });
    const [one, other] = [marked(join(runs, 'uid/c/0')), marked(`${folder}-other/uid/c/0`)];
    programs.push(one, other);
    await network.close();
    const pid = holder();
    process.kill(-pid, 'SIGKILL');
    await until('the holder has ended', () => startTimeOf(pid) === undefined);
    network = await openUserns(folder, { ...options, runs });
    await until('it has ended', () => one.signalCode === 'SIGKILL');
    expect(other.signalCode).toBeNull();
  });

  test('a network that cannot be opened leaves no process', async () => {
    const other = join(folder, 'other');
    mkdirSync(join(other, 'bridge'), { recursive: true });
    await expect(openUserns(other, options)).rejects.toThrow('EISDIR');
    expect(existsSync(join(other, 'holder'))).toBe(false);
    expect(execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })).not.toContain(` ${other} one`);
  });

  test('nothing is left once no Pod has an address', async () => {
    const pid = holder();
    for (const uid of ['a', 'b']) await network.pods.teardown(ref(uid));
    await network.close();
    await until(
      'the holder has ended',
      () => !existsSync(`/proc/${pid}/ns/net`) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    );
    expect(existsSync(join(folder, 'holder'))).toBe(false);
    network = await open();
    expect(holder()).not.toBe(pid);
  });
});
