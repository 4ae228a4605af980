import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { LoadClient, measure } from '../../bench/load.ts';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { cpuSeconds, residentMiB } from '../support/process.ts';
import { until } from '../support/until.ts';

const { test: onLinux } = needs(notLinux);
const configMaps = '/api/v1/namespaces/default/configmaps';

let plane: Plane;
let client: LoadClient;
beforeAll(async () => {
  plane = await openPlane('watchers');
  await plane.start('--runtime', 'fake');
  client = new LoadClient(plane.kubeconfig);
});
afterAll(async () => {
  client.close();
  await plane.close();
});

const endpoint = () => endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
const credentials = async () => {
  const { ca, certificate, key } = await endpoint();
  return { ca, cert: certificate, key };
};
const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value: 'x'.repeat(1000) },
});

onLinux('1,000 idle watches cost little and hear of a write at once', async () => {
  const { pid } = plane.child!;
  const before = residentMiB(pid!);
  const sessions: ClientHttp2Session[] = [];
  const told = new Array<string>(1000).fill('');
  const heard = (text: string) => text.split('"name":"heard-').length - 1;
  for (let s = 0; s < 20; s++) sessions.push(connectHttp2((await endpoint()).server, await credentials()));
  let open = 0;
  for (let n = 0; n < 1000; n++) {
    const stream = sessions[n % 20]!.request({ ':path': `${configMaps}?watch=true&resourceVersion=1` });
    stream.once('response', () => open++);
    stream.on('data', (chunk: Buffer) => {
      told[n] += chunk.toString();
    });
    stream.end();
  }
  await until('all watches are open', () => open === 1000);
  let percent = 100;
  // Nothing happens for a while, which is what is measured; at first it may still be busy with those who came.
  await until('it is idle', async () => {
    const cpu = cpuSeconds(pid!);
    const from = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    percent = ((cpuSeconds(pid!) - cpu) / (performance.now() - from)) * 1e5;
    return percent < 20;
  });
  const grown = residentMiB(pid!) - before;
  const written = performance.now();
  expect((await client.call('POST', configMaps, configMap('heard-1'))).status).toBe(201);
  await until('everybody has heard', () => told.every((text) => heard(text) > 0));
  const spread = performance.now() - written;
  console.info(
    `1,000 idle watches: ${grown} MiB more, ${percent.toFixed(1)} % of a core, a write is told to all in ${spread.toFixed(0)} ms`,
  );
  expect(told.filter((text) => heard(text) > 1)).toEqual([]);
  expect(grown).toBeLessThan(100);
  for (const session of sessions) session.destroy();
});

onLinux('watchers that do not read hold nobody back and cost bounded memory', async () => {
  const { pid } = plane.child!;
  const { hostname, port } = new URL((await endpoint()).server);
  const deaf: TLSSocket[] = [];
  for (let n = 0; n < 30; n++) {
    const socket = connectTls({ host: hostname, port: Number(port), ...(await credentials()) });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    socket.write(`GET ${configMaps}?watch=true HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    socket.pause();
    deaf.push(socket);
  }
  let heard = 0;
  const stop = client.watch(`${configMaps}?watch=true`, ({ object }) => {
    if ((object as { metadata: { name: string } }).metadata.name.startsWith('many-')) heard++;
  });
  const before = residentMiB(pid!);
  const count = 8000;
  const { failed, p99ms } = await measure(count, 16, (n) =>
    client.call('POST', configMaps, configMap(`many-${n}`)),
  );
  await until('the one that reads has heard everything', () => heard === count);
  const grown = residentMiB(pid!) - before;
  console.info(
    `30 watchers that do not read, ${count} writes of 1 KB: ${grown} MiB more, p99 of a write ${p99ms} ms`,
  );
  expect(failed).toBe(0);
  // All that was written, kept for each of them, would be 240 MiB and more.
  expect(grown).toBeLessThan(150);
  stop();
  for (const socket of deaf) socket.destroy();
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toContain('State');
});
