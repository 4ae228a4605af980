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
import { openSecretVault } from '../../src/aws/drivers/secrets/index.ts';
import { publicRoots } from '../../src/aws/publicRoots.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { createManager, type Manager, storageSource } from '../../src/shared/controllers/manager/index.ts';
import { deployments, events, pods, serviceAccounts } from '../../src/shared/controllers/resources.ts';
import { FakeLoadBalancers } from '../../src/shared/fake/loadBalancers.ts';
import type { PodSpec } from '../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { FakeEcs } from '../support/aws/fakeEcs.ts';
import { settings } from '../support/aws/fakeEcsWorld.ts';
import { FakeSecrets } from '../support/aws/fakeSecrets.ts';
import { fillVolumes, mountVolumes } from '../support/aws/projector.ts';
import { simulatedCore } from '../support/aws/simulatedCore.ts';
import { deploymentOf, eventuallySecondly } from '../support/controllers/world.ts';

/** The control plane as it runs on AWS, where Pods reach its API: tables, tasks and secrets are in memory. */
let clock: ManualClock;
let core: AwsCore;
let ecs: FakeEcs;
let kept: FakeSecrets;
let manager: Manager;
let folder: string;
let processes = 10;

/** Begins as a new process does; without a host for the API as after a deployment without a domain. */
async function run(apiHost?: string): Promise<void> {
  const parts = { clock, ids: seededIds(++processes), log: silentLogger };
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
  await run('api.example');
  await until(async () => (await client().get(serviceAccounts, 'default', 'default')) !== undefined);
});
afterEach(async () => {
  await manager.stop();
  await core.storage.close();
  rmSync(folder, { recursive: true });
});

const day = 24 * 3600 * 1000;
const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const client = () => core.clients('default');
const names = () => [...kept.entries.keys()].sort();
const entry = 'shallop/dev/default/default/serviceaccount/app';
const tokenIn = (name = entry): string => JSON.parse(kept.entries.get(name)?.SecretString ?? '{}').token;

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
function mounted(): string {
  const filling = { ...lastTask(), secretOf: injected };
  const root = mkdtempSync(join(folder, 'volumes-'));
  const prefix = mkdtempSync(join(folder, 'container-'));
  fillVolumes(root, filling);
  mountVolumes(root, prefix, filling, 'c');
  return prefix;
}

/** What client libraries make of the files and the environment of that container. */
function loadFromCluster(): KubeConfig {
  const container = lastTask().definition.containerDefinitions?.find(({ name }) => name === 'c');
  for (const { name = '', value = '' } of container?.environment ?? [])
    if (name.startsWith('KUBERNETES_')) process.env[name] = value;
  const config = new KubeConfig();
  config.loadFromCluster(mounted());
  return config;
}

/** As ECS reads it: `<ARN>:<key>::`. */
function injected(valueFrom: string): string {
  const found = [...kept.entries.values()].find(({ ARN }) => valueFrom.startsWith(`${ARN}:`));
  const key = valueFrom.slice((found?.ARN.length ?? 0) + 1).replace(/::$/, '');
  return JSON.parse(found?.SecretString ?? '{}')[key];
}

/** POSTs an object of authentication.k8s.io: its status, or that of the answer. */
async function review(kind: string, spec: object, authorization?: string) {
  const body = Buffer.from(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind, spec }));
  const headers: Record<string, string | undefined> = { authorization, 'content-type': 'application/json' };
  const answer = await core.handle({
    method: 'POST',
    target: `/apis/authentication.k8s.io/v1/${kind.toLowerCase()}s`,
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

/** The name of who brings this token, or the status of the answer. */
async function whoami(authorization: string): Promise<string | number> {
  const found = await review('SelfSubjectReview', {}, authorization);
  return found.userInfo?.username ?? found;
}
const robot = 'system:serviceaccount:default:app';

test('a client library in a Pod finds the API and is its service account; no token is in what ECS tells', async () => {
  await makeAccount();
  await deploy(2);
  await readyAre(2);
  expect(names()).toEqual([entry]);
  const config = loadFromCluster();
  const { server, caFile } = config.getCurrentCluster()!;
  expect(server).toBe('https://api.example:443');
  expect(readFileSync(caFile!, 'utf8')).toBe(publicRoots());
  expect(config.getContextObject(config.getCurrentContext())?.namespace).toBe('default');
  const options: RequestOptions = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const { Authorization } = options.headers as Record<string, string>;
  expect(Authorization).toBe(`Bearer ${tokenIn()}`);
  expect(await whoami(Authorization!)).toBe(robot);
  expect(ecs.definitions.size).toBe(1);
  expect(JSON.stringify([ecs.calls, [...ecs.definitions], await client().list(events)])).not.toContain(
    tokenIn().split('.')[2],
  );
});

test('a service account that is deleted and made anew has other tokens, and the old ones are refused', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  const old = tokenIn();
  expect(await whoami(`Bearer ${old}`)).toBe(robot);
  await client().delete(serviceAccounts, 'default', 'app');
  await until(() => names().length === 0);
  // What was found good is for ten seconds.
  await clock.advance(10_000);
  expect(await whoami(`Bearer ${old}`)).toBe(401);
  await makeAccount();
  await until(() => names().length === 1);
  expect(await whoami(`Bearer ${old}`)).toBe(401);
  expect(await whoami(`Bearer ${tokenIn()}`)).toBe(robot);
});

test('a token is replaced where it is when a third of its year is gone', async () => {
  await makeAccount();
  await deploy(1);
  await readyAre(1);
  const [old, { ARN }] = [tokenIn(), kept.entries.get(entry)!];
  await manager.stop();
  await clock.advance(121 * day);
  kept.calls.length = 0;
  await run('api.example');
  await until(() => kept.calls.includes('DescribeSecret'));
  await manager.stop();
  expect(kept.calls).not.toContain('UpdateSecret');
  await clock.advance(day);
  await run('api.example');
  await until(() => tokenIn() !== old);
  expect(kept.entries.get(entry)!.ARN).toBe(ARN);
  // Tasks go on with what they started with.
  expect(await Promise.all([old, tokenIn()].map((token) => whoami(`Bearer ${token}`)))).toEqual([
    robot,
    robot,
  ]);
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

test('a token for another audience is for that one alone, and stands in the same entry', async () => {
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
  const token = readFileSync(join(mounted(), 'vault/token'), 'utf8');
  expect(await whoami(`Bearer ${token}`)).toBe(401);
  const asked = { token, audiences: ['https://vault'] };
  expect(await review('TokenReview', asked)).toMatchObject({
    authenticated: true,
    user: { username: robot },
    audiences: ['https://vault'],
  });
});
