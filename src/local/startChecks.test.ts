import { beforeEach, expect, test } from '@jest/globals';
import { testServer } from '../shared/api/testing/testingServer.ts';
import { checkUntilReady } from './selfCheck.ts';
import { type Starting, startChecks } from './startChecks.ts';

type Server = Awaited<ReturnType<typeof testServer>>;

/** What upstream's spec `health handlers should contain necessary checks` asks of /healthz and /livez, v1.35.4. */
const upstream = [
  'log',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/bootstrap-controller',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/start-service-ip-repair-controllers',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/start-cluster-authentication-info-controller',
  'poststarthook/start-kube-aggregator-informers',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-status-local-available-controller',
  'poststarthook/apiservice-status-remote-available-controller',
  'poststarthook/kube-apiserver-autoregistration',
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
];

let server: Server;
let state: { started: boolean; filled: boolean; heard: boolean };

beforeEach(async () => {
  server = await testServer();
  state = { started: false, filled: false, heard: true };
});

const checks = (more: Partial<Starting> = {}) =>
  startChecks({
    storage: server.storage,
    controllers: ['apiservice', 'ipaddress', 'customresourcedefinition'].map((name) => ({
      name: `${name}-controller`,
    })),
    hasStarted: () => state.started,
    isFilled: () => state.filled,
    served: async () => [],
    tellsAuthorities: true,
    canLog: () => state.heard,
    ...more,
  });

/** Names of the checks that fail now. */
async function failing(all: ReturnType<typeof checks>): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, check] of Object.entries(all))
    await Promise.resolve()
      .then(check)
      .catch(() => failed.push(name.replace('poststarthook/', '')));
  return failed;
}

test('every name that upstream asks for is there', () => {
  expect(Object.keys(checks())).toEqual(expect.arrayContaining(upstream));
});

test('each step fails until it has come to pass, and is done with then', async () => {
  const all = checks();
  expect(await failing(all)).toEqual([
    'generic-apiserver-start-informers',
    'start-apiextensions-controllers',
    'start-system-namespaces-controller',
    'start-cluster-authentication-info-controller',
    'start-service-ip-repair-controllers',
    'rbac/bootstrap-roles',
    'scheduling/bootstrap-system-priority-classes',
    'priority-and-fairness-config-producer',
    'bootstrap-controller',
    'start-kubernetes-service-cidr-controller',
    'apiservice-status-local-available-controller',
    'apiservice-status-remote-available-controller',
    'apiservice-registration-controller',
    'kube-apiserver-autoregistration',
    'autoregister-completion',
  ]);
  Object.assign(state, { started: true, filled: true });
  expect(await failing(all)).toEqual([
    'start-system-namespaces-controller',
    'start-cluster-authentication-info-controller',
    'scheduling/bootstrap-system-priority-classes',
    'bootstrap-controller',
    'start-kubernetes-service-cidr-controller',
  ]);
  const { send } = server;
  for (const name of ['kube-system', 'kube-public', 'kube-node-lease'])
    await send('POST /api/v1/namespaces', { body: { metadata: { name } } });
  expect(await failing(all)).not.toContain('start-system-namespaces-controller');
  Object.assign(state, { started: false, filled: false });
  expect(await failing(all)).not.toContain('rbac/bootstrap-roles');
});

test('a log that nobody takes any more is told whenever it is so', async () => {
  const all = checks();
  state.heard = false;
  expect(await failing(all)).toContain('log');
  state.heard = true;
  expect(await failing(all)).not.toContain('log');
});

test('a controller that does not run fails its check, whatever else has started', async () => {
  Object.assign(state, { started: true });
  expect(await failing(checks({ controllers: [] }))).toContain('apiservice-registration-controller');
});

test('/healthz has steps by name, and a plane asks itself once all have passed', async () => {
  let isDone = false;
  const steps = {
    'poststarthook/a/b': () => {
      if (!isDone) throw new Error('not yet');
    },
  };
  const own = await testServer({ steps });
  expect((await own.send('GET /livez/poststarthook/a/b')).status).toBe(500);
  let hasAsked = false;
  void checkUntilReady(own.handle, steps, own.clock, new AbortController().signal).then(() => {
    hasAsked = true;
  });
  await own.clock.advance(1000);
  expect((await own.send('GET /metrics/slis')).text).not.toContain('readyz');
  isDone = true;
  while (!hasAsked) await own.clock.advance(1000);
  expect((await own.send('GET /metrics/slis')).text).toContain(
    'kubernetes_healthcheck{name="poststarthook/a/b",type="readyz"} 1\n',
  );
  expect((await own.send('GET /livez?verbose')).text).toContain('[+]poststarthook/a/b ok\n');
});
