import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import type { PodAddress } from '../../src/local/drivers/podNetwork.ts';
import { bindAt, listenAt } from '../../src/local/drivers/sockets.ts';

/** An address of this machine that is neither loopback nor in a range of Pods. Undefined: it has none. */
const lan = Object.values(networkInterfaces())
  .flatMap((infos) => infos ?? [])
  .find(
    ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('10.'),
  )?.address;

/** Why other machines cannot be played. */
export const noLan = !lan && 'this machine has no other address than loopback';

/** Runs a script of Node in a Pod; answers what it printed, or why it did not run. */
export const runIn = (pod: PodAddress, script: string) =>
  new Promise<string>((resolve) => {
    const [program = '', ...args] = pod.wrap([process.execPath, '-e', script]);
    execFile(program, args, { timeout: 20_000 }, (error, out) =>
      resolve(error && !out ? error.message : out.trim()),
    );
  });

/** A script that prints what is said at a port, or why nothing is. */
export const askScript = (host: string, port: number, say = '') =>
  `const s=require('net').connect(${port},'${host}');s.end('${say}');s.pipe(process.stdout);s.on('error',e=>console.log(e.code))`;

/** Expects that a Pod speaks to another machine, which this one plays, by TCP and UDP, and is refused where it is. */
export async function expectWayOut(pod: PodAddress): Promise<void> {
  const size = 3_000_000;
  const peers = new Set<string | undefined>();
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    peers.add(socket.remoteAddress);
    const said = await text(socket);
    socket.end(said === 'much' ? 'x'.repeat(size) : `heard ${said}`);
  });
  await listenAt(server, { host: lan!, port: 0 });
  const { port } = server.address() as { port: number };
  expect(await runIn(pod, askScript(lan!, port, 'hello'))).toBe('heard hello');
  const counting = `let n=0;const s=require('net').connect(${port},'${lan}');s.end('much');s.on('data',d=>n+=d.length);s.on('close',()=>console.log(n))`;
  expect(await runIn(pod, counting)).toBe(String(size));
  // It comes from this machine, as other machines know no way to Pods.
  expect([...peers]).toEqual([lan]);
  await new Promise((resolve) => server.close(resolve));
  expect(await runIn(pod, askScript(lan!, port))).toBe('ECONNREFUSED');
  const datagrams = await bindAt({ host: lan!, port: 0 });
  datagrams.on('message', (said, from) =>
    datagrams.send(`heard ${said} from ${from.address}`, from.port, from.address),
  );
  const script = `const s=require('dgram').createSocket('udp4');s.on('message',m=>{console.log(String(m));s.close()});s.send('it',${datagrams.address().port},'${lan}')`;
  expect(await runIn(pod, script)).toBe(`heard it from ${lan}`);
  datagrams.close();
}
