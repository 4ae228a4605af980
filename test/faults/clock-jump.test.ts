import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const day = 24 * 3600 * 1000;
const core = '/api/v1/namespaces/default';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

let plane: Plane;
let client: LoadClient;
let clock: string;
const { NODE_OPTIONS } = process.env;
beforeAll(async () => {
  plane = await openPlane('clock');
  clock = join(plane.folder, 'clock');
  writeFileSync(clock, '0');
  const preload = pathToFileURL(join(import.meta.dirname, 'clock-preload.mjs'));
  process.env.NODE_OPTIONS = `--import=${preload}`;
  process.env.SHALLOP_TEST_CLOCK = clock;
  await plane.start('--runtime', 'fake');
  client = new LoadClient(plane.kubeconfig);
});
afterAll(async () => {
  delete process.env.SHALLOP_TEST_CLOCK;
  if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = NODE_OPTIONS;
  client.close();
  await plane.close();
});

async function ask(method: string, path: string, body?: unknown) {
  const { status, text } = await client.call(method, path, body);
  expect({ path, status: status < 300, text: status < 300 ? '' : text }).toEqual({
    path,
    status: true,
    text: '',
  });
  return JSON.parse(text);
}

let serial = 0;
/** Sets the server's clock and waits until it goes by it. */
async function jump(offset: number): Promise<void> {
  writeFileSync(clock, String(offset));
  await until('the server goes by the new time', async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `tick-${serial++}` } };
    const { metadata } = await ask('POST', `${core}/configmaps`, object);
    return Math.abs(Date.parse(metadata.creationTimestamp) - Date.now() - offset) < 60_000;
  });
}

async function token(): Promise<string> {
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  };
  return (await ask('POST', `${core}/serviceaccounts/default/token`, body)).status.token;
}

/** The status that a bearer of the token gets. */
async function withToken(bearer: string): Promise<number> {
  const { server, ca } = await endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bearer}` };
    // Whoever is known may ask what there is, and no more without a role.
    const sent = request(`${server}/apis`, { ca, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

const podUids = async (app: string): Promise<string[]> => {
  const { items } = await ask('GET', `${core}/pods?labelSelector=app%3D${app}`);
  return items.map(({ metadata }: { metadata: { uid: string } }) => metadata.uid).sort();
};

async function deploy(name: string): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x:1' }] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await ask('POST', deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec });
  await until(`${name} is Ready`, async () => {
    return (await ask('GET', `${deployments}/${name}`)).status?.readyReplicas === 2;
  });
}

test('when the clock jumps days ahead and back, Pods stay, work goes on, watches live, and tokens end by the clock', async () => {
  const seen: string[] = [];
  const stop = client.watch(`${core}/configmaps?watch=true`, ({ object }) => {
    seen.push((object as { metadata: { name: string } }).metadata.name);
  });
  await deploy('before');
  const pods = await podUids('before');
  const first = await token();
  expect(await withToken(first)).toBe(200);

  await jump(2 * day);
  expect(await withToken(first)).toBe(401);
  expect(await withToken(await token())).toBe(200);
  await deploy('ahead');
  expect(await podUids('before')).toEqual(pods);

  await jump(-2 * day);
  expect(await withToken(await token())).toBe(200);
  await deploy('behind');
  expect(await podUids('before')).toEqual(pods);
  await ask('DELETE', `${deployments}/ahead`);
  await until('what was made in the future is collected', async () => (await podUids('ahead')).length === 0);

  await jump(0);
  expect(await withToken(first)).toBe(200);
  expect(await podUids('before')).toEqual(pods);
  await until('the watch has heard of every tick', () => seen.includes(`tick-${serial - 1}`));
  expect((await ask('GET', '/api/v1/nodes')).items).toHaveLength(1);
  expect((await client.call('GET', '/readyz')).status).toBe(200);
  stop();
});
