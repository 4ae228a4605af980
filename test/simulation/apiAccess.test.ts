import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerOverride } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { controllers } from '../../src/aws/controllers/registry.ts';
import type { AwsCore } from '../../src/aws/core.ts';
import { openFargatePods } from '../../src/aws/drivers/pods/index.ts';
import { Entries } from '../../src/aws/drivers/secrets/entries.ts';
import { openSecretVault } from '../../src/aws/drivers/secrets/index.ts';
import { publicRoots } from '../../src/aws/publicRoots.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { createManager, type Manager, storageSource } from '../../src/shared/controllers/manager/index.ts';
import { deployments, events, jobs, pods, serviceAccounts } from '../../src/shared/controllers/resources.ts';
import { FakeLoadBalancers } from '../../src/shared/fake/loadBalancers.ts';
import type { Pod, PodSpec } from '../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { type ApiOverTls, serveOverTls } from '../support/aws/apiOverTls.ts';
import { FakeEcs } from '../support/aws/fakeEcs.ts';
import { settings } from '../support/aws/fakeEcsWorld.ts';
import { FakeSecrets } from '../support/aws/fakeSecrets.ts';
import { fillVolumes, mountVolumes } from '../support/aws/projector.ts';
import { simulatedCore } from '../support/aws/simulatedCore.ts';
import { deploymentOf, eventuallySecondly } from '../support/controllers/world.ts';
import { needs, noCurl } from '../support/needs.ts';

const { test: withCurl } = needs(noCurl);

/** The control plane as it runs on AWS, where Pods reach its API: tables, tasks and secrets are in memory. */
let clock: ManualClock;
let core: AwsCore;
let ecs: FakeEcs;
let kept: FakeSecrets;
let manager: Manager;
let folder: string;
let api: ApiOverTls;
let processes = 10;

const partsOf = () => ({ clock, ids: seededIds(++processes), log: silentLogger });

/** Begins as a new process does; without a host for the API as after a deployment without a domain. */
async function run(apiHost?: string): Promise<void> {
  const parts = partsOf();
  const secrets = openSecretVault({
    ...parts,
    client: kept.client,
    deployment: 'dev',
    tokens: apiHost !== undefined,
  });
  const clients = { ecs: ecs as never, logs: ecs.logs as never };
  const runtime = openFargatePods({
    ...settings,
    ...clients,
    ...parts,
    secrets,
    ...(apiHost && { apiHost }),
  });
  manager = createManager({
    controllers,
    source: storageSource(core.storage),
    clients: core.clients,
    cloud: { pods: runtime, loadBalancers: new FakeLoadBalancers(), secrets },
    env: core.environment,
    ...parts,
  });
  await manager.start();
}

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 0));
  folder = mkdtempSync(join(tmpdir(), 'shallop-in-cluster-'));
  ecs = new FakeEcs({ clock, startMs: 2_000 });
  kept = new FakeSecrets();
  core = simulatedCore(clock).core;
  api = await serveOverTls(core.handle);
  await run('api.example');
  await until(async () => (await client().get(serviceAccounts, 'default', 'default')) !== undefined);
});
afterEach(async () => {
  await manager.stop();
  await api.close();
  await core.storage.close();
  rmSync(folder, { recursive: true });
});

const hour = 3600 * 1000;
const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const client = () => core.clients('default');
const names = () => [...kept.entries.keys()].sort();
const entry = 'shallop/dev/default/default/serviceaccount/app';
const bootToken = (): string => JSON.parse(kept.entries.get(entry)?.SecretString ?? '{}').boot;

const makeAccount = () =>
  client().create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: 'default', name: 'app' },
  });
async function deploy(replicas: number, spec: Partial<PodSpec> = {}): Promise<void> {
  const deployment = deploymentOf('web', replicas);
  Object.assign(deployment.spec!.template.spec!, { serviceAccountName: 'app', ...spec });
  await client().create(deployments, deployment);
}
const readyAre = (count: number) =>
  until(async () => {
    const all = await client().list(pods);
    return (
      all.filter((p) => p.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'))
        .length === count
    );
  });

/** What the newest task is made of. */
function lastTask() {
  const { input } = ecs.calls.filter(({ name }) => name === 'RunTask').at(-1)!;
  const definition = ecs.definitions.get(input.taskDefinition as string)!;
  const { containerOverrides: overrides } = input.overrides as { containerOverrides: ContainerOverride[] };
  return { definition, overrides };
}

/** The folder below which the newest task's container has its files. */
async function mounted(): Promise<string> {
  const filling = { ...lastTask(), secretOf: injected, api };
  const root = mkdtempSync(join(folder, 'volumes-'));
  const prefix = mkdtempSync(join(folder, 'container-'));
  await fillVolumes(root, filling);
  mountVolumes(root, prefix, filling, 'c');
  return prefix;
}

/** What client libraries make of the files and the environment of that container. */
async function loadFromCluster(): Promise<KubeConfig> {
  const container = lastTask().definition.containerDefinitions?.find(({ name }) => name === 'c');
  for (const { name = '', value = '' } of container?.environment ?? [])
    if (name.startsWith('KUBERNETES_')) process.env[name] = value;
  const config = new KubeConfig();
  config.loadFromCluster(await mounted());
  return config;
}

/** As ECS reads it: `<ARN>:<key>::`. */
function injected(valueFrom: string): string {
  const found = [...kept.entries.values()].find(({ ARN }) => valueFrom.startsWith(`${ARN}:`));
  const key = valueFrom.slice((found?.ARN.length ?? 0) + 1).replace(/::$/, '');
  return JSON.parse(found?.SecretString ?? '{}')[key];
}

/** POSTs an object of authentication.k8s.io: its status, or that of the answer. */
async function review(
  kind: string,
  spec: object,
  authorization?: string,
  target = `/apis/authentication.k8s.io/v1/${kind.toLowerCase()}s`,
) {
  const body = Buffer.from(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind, spec }));
  const headers: Record<string, string | undefined> = { authorization, 'content-type': 'application/json' };
  const answer = await core.handle({
    method: 'POST',
    target,
    header: (name) => headers[name],
    headersBeginning: () => [],
    body: async () => body,
    peer: {
      address: 'a Pod',
      ...(!authorization && { internal: { user: 'test', groups: ['system:masters'] } }),
    },
    signal: new AbortController().signal,
  });
  if (answer.status !== 201) return answer.status;
  return JSON.parse(Buffer.from(answer.body as Uint8Array).toString()).status;
}

/** What a boot token is exchanged for: a token of this Pod, or the status of the answer. */
async function exchanged(boot: string, { metadata: { name, uid } }: Pod): Promise<string | number> {
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name, uid };
  const target = '/api/v1/namespaces/default/serviceaccounts/app/token';
  const found = await review('TokenRequest', { audiences: [], boundObjectRef }, `Bearer ${boot}`, target);
  return found.token ?? found;
}

const onlyPod = async (): Promise<Pod> => (await client().list(pods))[0]!;

/** The name of who brings this token, or the status of the answer. */
async function whoami(authorization: string): Promise<string | number> {
  const found = await review('SelfSubjectReview', {}, authorization);
  return found.userInfo?.username ?? found;
}
const robot = 'system:serviceaccount:default:app';

withCurl(
  'D11: a client library in a Pod finds the API and is its service account in that Pod; no token is in what ECS tells',
  async () => {
    await makeAccount();
    await deploy(2);
    await readyAre(2);
    expect(names()).toEqual([entry]);
    const config = await loadFromCluster();
    const { server, caFile } = config.getCurrentCluster()!;
    expect(server).toBe('https://api.example:443');
    expect(readFileSync(caFile!, 'utf8')).toBe(publicRoots());
    expect(config.getContextObject(config.getCurrentContext())?.namespace).toBe('default');
    const options: RequestOptions = { headers: {} };
    await config.applyToHTTPSOptions(options);
    const { Authorization = '' } = options.headers as Record<string, string>;
    const { userInfo } = await review('SelfSubjectReview', {}, Authorization);
    const [{ startedBy: uid } = {}] = ecs.tasks().slice(-1);
    expect(userInfo).toMatchObject({
      username: robot,
      extra: { 'authentication.kubernetes.io/pod-uid': [uid] },
    });
    expect(ecs.definitions.size).toBe(1);
    const told = JSON.stringify([ecs.calls, [...ecs.definitions], await client().list(events)]);
    for (const token of [bootToken(), Authorization]) expect(told).not.toContain(token.split('.')[2]);
  },
);

test('D11: a token of a Pod ends with the Pod', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  const pod = await onlyPod();
  const token = await exchanged(bootToken(), pod);
  expect(await whoami(`Bearer ${token}`)).toBe(robot);
  await client().delete(pods, 'default', pod.metadata.name ?? '');
  await until(async () => (await onlyPod())?.metadata.uid !== pod.metadata.uid);
  await readyAre(1);
  // What was found good is for ten seconds.
  await clock.advance(10_000);
  expect(await whoami(`Bearer ${token}`)).toBe(401);
  expect(await exchanged(bootToken(), pod)).toBe(404);
});

test('a service account that is deleted and made anew has another boot token, and the old ones are refused', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  const pod = await onlyPod();
  const boot = bootToken();
  const token = await exchanged(boot, pod);
  expect(await whoami(`Bearer ${token}`)).toBe(robot);
  await client().delete(serviceAccounts, 'default', 'app');
  await until(() => names().length === 0);
  await clock.advance(10_000);
  expect([await whoami(`Bearer ${token}`), await exchanged(boot, pod)]).toEqual([401, 401]);
  await makeAccount();
  await until(() => names().length === 1);
  expect([await whoami(`Bearer ${token}`), await exchanged(boot, pod)]).toEqual([401, 401]);
  expect(await whoami(`Bearer ${await exchanged(bootToken(), pod)}`)).toBe(robot);
});

test('D11: a boot token is replaced where it is when a third of its day is gone', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  const [old, { ARN }] = [bootToken(), kept.entries.get(entry)!];
  await manager.stop();
  await clock.advance(7.9 * hour);
  kept.calls.length = 0;
  await run('api.example');
  await until(() => kept.calls.includes('DescribeSecret'));
  await manager.stop();
  expect(kept.calls).not.toContain('UpdateSecret');
  await clock.advance(hour / 4);
  await run('api.example');
  await until(() => bootToken() !== old);
  expect(kept.entries.get(entry)!.ARN).toBe(ARN);
  // Tasks that have just started still have the one before.
  const pod = await onlyPod();
  for (const boot of [old, bootToken()])
    expect(await whoami(`Bearer ${await exchanged(boot, pod)}`)).toBe(robot);
});

test('D11: what an older version kept is replaced by a boot token, and what its Pods have goes on', async () => {
  await makeAccount();
  const account = (await client().get(serviceAccounts, 'default', 'app'))!;
  const token = await core.environment.issueToken('default', account, { expirationSeconds: 3600 });
  await new Entries({ ...partsOf(), client: kept.client, deployment: 'dev' }).put({
    ref: {
      cluster: 'default',
      namespace: 'default',
      name: 'serviceaccount/app',
      uid: account.metadata.uid ?? '',
    },
    description: `Tokens of Kubernetes ServiceAccount ${account.metadata.uid}, to be replaced at 2099-01-01T00:00:00Z: token`,
    payload: JSON.stringify({ token }),
  });
  await deploy(1);
  await readyAre(1);
  expect(JSON.parse(kept.entries.get(entry)!.SecretString!)).toEqual({ boot: expect.any(String) });
  expect(await whoami(`Bearer ${await exchanged(bootToken(), await onlyPod())}`)).toBe(robot);
  expect(await whoami(`Bearer ${token}`)).toBe(robot);
});

test('it goes with its last Pod; Pods that want none have none', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  await client().patch(deployments, 'default', 'web', {
    spec: { template: { spec: { automountServiceAccountToken: false } } },
  });
  await until(() => names().length === 0);
  await readyAre(1);
  expect(lastTask().definition.volumes).toEqual([]);
});

test('where Pods do not reach the API they start without, nothing is kept, and what was goes', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  await manager.stop();
  await run();
  await until(() => names().length === 0);
  await client().patch(deployments, 'default', 'web', { spec: { replicas: 2 } });
  await readyAre(2);
  expect(lastTask().definition.volumes).toEqual([]);
  expect(names()).toEqual([]);
});

test('while there is none the Pod waits and says so; a refusal is told at the service account', async () => {
  for (let i = 0; i < 3; i++) kept.failNext('CreateSecret', 'AccessDeniedException');
  await makeAccount();
  await deploy(1);
  await until(async () =>
    (await client().list(pods)).some(({ status }) =>
      status?.containerStatuses?.some(
        ({ state }) =>
          state?.waiting?.message === 'a token of serviceaccount "app" is not in Secrets Manager yet',
      ),
    ),
  );
  expect(ecs.tasks()).toEqual([]);
  await readyAre(1);
  const refusals = (await client().list(events)).filter(({ reason }) => reason === 'ProjectionFailed');
  expect(refusals[0]).toMatchObject({
    involvedObject: { kind: 'ServiceAccount', name: 'app' },
    message: expect.stringMatching(/^secrets\.tokens\.keep \S+: CreateSecret: AccessDeniedException/),
  });
});

withCurl('a token for another audience is for that one alone', async () => {
  await makeAccount();
  const sources = [{ serviceAccountToken: { path: 'token', audience: 'https://vault' } }];
  const container = { name: 'c', image: 'app:1', volumeMounts: [{ name: 'v', mountPath: '/vault' }] };
  await deploy(1, {
    automountServiceAccountToken: false,
    containers: [container],
    volumes: [{ name: 'v', projected: { sources } }],
  });
  await readyAre(1);
  expect(names()).toEqual([entry]);
  const token = readFileSync(join(await mounted(), 'vault/token'), 'utf8');
  expect(await whoami(`Bearer ${token}`)).toBe(401);
  const asked = { token, audiences: ['https://vault'] };
  expect(await review('TokenReview', asked)).toMatchObject({
    authenticated: true,
    user: { username: robot },
    audiences: ['https://vault'],
  });
});

test('D11: a Pod is as its own containers are, and a Job ends, whatever becomes of its tokens', async () => {
  await makeAccount();
  ecs.setImage('batch', { exits: { code: 0, afterMs: 5_000 } });
  await client().create(jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace: 'default', name: 'once' },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          serviceAccountName: 'app',
          containers: ['c', 'd'].map((name) => ({ name, image: 'batch' })),
        },
      },
    },
  });
  await until(async () => (await onlyPod())?.status?.phase === 'Running');
  const running = await onlyPod();
  const ids = running.status?.containerStatuses?.map(({ name, ready }) => [name, ready]);
  expect(ids).toEqual([
    ['c', true],
    ['d', true],
  ]);
  expect(running.status?.initContainerStatuses ?? []).toEqual([]);
  await until(async () => (await onlyPod())?.status?.phase === 'Succeeded');
  await until(() => ecs.tasks().every(({ lastStatus }) => lastStatus !== 'RUNNING'));
});
