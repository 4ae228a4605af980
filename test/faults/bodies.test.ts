import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { openFiles } from '../support/process.ts';
import { until } from '../support/until.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const { test: onLinux } = needs(notLinux);

let plane: Plane;
let client: LoadClient;
beforeAll(async () => {
  plane = await openPlane('bodies');
  await plane.start('--runtime', 'fake');
  client = new LoadClient(plane.kubeconfig);
});
afterAll(async () => {
  client.close();
  await plane.close();
});

const configMap = (name: string, value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

onLinux('bodies that break off half-way leave nothing: no object, no open file', async () => {
  const { pid } = plane.child!;
  const {
    server,
    ca,
    certificate: cert,
    key,
  } = await endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
  const { hostname, port } = new URL(server);
  await client.call('GET', configMaps);
  const before = openFiles(pid!);
  for (let n = 0; n < 100; n++) {
    const body = JSON.stringify(configMap(`half-${n}`, 'x'.repeat(2000)));
    const socket = connectTls({ host: hostname, port: Number(port), ca, cert, key });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    const head = `POST ${configMaps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(head + body.slice(0, 1000), () => resolve()));
    if (n % 2) socket.destroy();
    else socket.end();
  }
  await until('the connections are gone', () => openFiles(pid!) <= before + 2);
  const { items } = JSON.parse((await client.call('GET', configMaps)).text);
  const names = items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  expect(names.filter((name: string) => name.startsWith('half-'))).toEqual([]);
  expect((await client.call('POST', configMaps, configMap('whole', 'x'))).status).toBe(201);
});

test.each([
  ['POST', configMaps],
  ['PUT', `${configMaps}/whole`],
  ['PATCH', `${configMaps}/whole`],
])('%s of more than is taken is a Status 413', async (method, path) => {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const { status, text } = await client.call(method, path, configMap('whole', 'x'.repeat(4 << 20)), type);
  expect(status).toBe(413);
  expect(JSON.parse(text)).toMatchObject({ kind: 'Status', reason: 'RequestEntityTooLarge', code: 413 });
});
