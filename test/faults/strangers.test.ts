import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const slowRequests = 1000;
const calls = 20;

let plane: Plane;
/** Takes connections and says nothing: a webhook that is long in answering. */
let silent: Server;
const sockets = new Set<Socket>();
const sessions: ClientHttp2Session[] = [];

async function session(): Promise<ClientHttp2Session> {
  const endpoint = await endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
  const { server, ca, certificate: cert, key } = endpoint;
  const opened = connectHttp2(server, { ca, cert, key });
  opened.on('error', () => {});
  sessions.push(opened);
  return opened;
}

/** A write by a user; without `ends` its body never does. */
function write(over: ClientHttp2Session, user: string, object: object, path = configMaps, ends = true) {
  const stream = over.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/json',
    ...(user && { 'impersonate-user': user }),
  });
  stream.on('error', () => {});
  stream.write(JSON.stringify(object));
  if (ends) stream.end();
  return stream;
}

const statusOf = (stream: ClientHttp2Stream) =>
  new Promise<number>((resolve, reject) => {
    stream.on('response', (headers) => resolve(Number(headers[':status'])));
    stream.on('close', () => reject(new Error('no answer')));
    stream.resume();
  });

const configMap = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
});

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  plane = await openPlane('strangers');
  await plane.start('--runtime', 'fake');
  const admin = await session();
  const rbac = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const binding = {
    metadata: { name: 'all' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: ['stranger', 'bystander'].map((name) => ({
      ...{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name },
    })),
  };
  expect(await statusOf(write(admin, '', binding, rbac))).toBe(201);
  const hook = {
    metadata: { name: 'slow' },
    webhooks: [
      {
        ...{
          name: 'slow.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          timeoutSeconds: 30,
        },
        clientConfig: { url: `https://127.0.0.1:${(silent.address() as AddressInfo).port}/` },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        objectSelector: { matchLabels: { slow: 'yes' } },
      },
    ],
  };
  const hooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  expect(await statusOf(write(admin, '', hook, hooks))).toBe(201);
});

afterAll(async () => {
  for (const each of sessions) each.destroy();
  for (const socket of sockets) socket.destroy();
  silent.close();
  await plane.close();
});

test.each([
  ['that wait for a webhook', true],
  ['whose bodies never end', false],
])(
  'beside a stranger with a thousand writes %s, somebody else is served, and never refused',
  async (_, ends) => {
    const strangers = await Promise.all(Array.from({ length: 10 }, session));
    const outcomes: number[] = [];
    const pending = new Set<ClientHttp2Stream>();
    for (let n = 0; n < slowRequests; n++) {
      const object = configMap(`slow-${ends}-${n}`, { slow: 'yes' });
      const stream = write(strangers[n % strangers.length]!, 'stranger', object, configMaps, ends);
      pending.add(stream);
      stream.on('response', (headers) => outcomes.push(Number(headers[':status'])));
      stream.once('close', () => pending.delete(stream));
      stream.resume();
    }
    // What is one too many is refused; with bodies that never end nothing is, and nobody's seat is taken.
    if (ends) await until('refusals', () => outcomes.includes(429));
    const bystander = await session();
    const statuses = new Set<number>();
    for (let n = 0; n < calls; n++)
      statuses.add(await statusOf(write(bystander, 'bystander', configMap(`calm-${ends}-${n}`))));
    expect([...statuses]).toEqual([201]);
    // It was served beside them and not after them.
    expect(pending.size).toBeGreaterThan(0);
    expect(new Set(outcomes)).toEqual(new Set(ends ? [429] : []));
    for (const each of strangers) each.destroy();
  },
);
