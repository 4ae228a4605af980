import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSecretVault } from '../../src/aws/drivers/secrets/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { deployments, events, pods, replicaSets, secrets } from '../../src/shared/controllers/resources.ts';
import type { Deployment, Secret } from '../../src/shared/kinds/schema/types.ts';
import type { Logger } from '../../src/shared/observability/logger.ts';
import { FakeSecrets } from '../support/aws/fakeSecrets.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  type World,
} from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
let vault: FakeSecrets;
let lines: string[];
const log: Logger = {
  debug: (...line) => lines.push(text(line)),
  info: (...line) => lines.push(text(line)),
  warn: (...line) => lines.push(text(line)),
  error: (...line) => lines.push(text(line)),
  with: () => log,
};
const text = (line: unknown[]) =>
  JSON.stringify(line, (_, v) => (v instanceof Error ? `${v.stack} ${v.cause} ${JSON.stringify(v)}` : v));

beforeEach(async () => {
  clock = new ManualClock();
  vault = new FakeSecrets();
  lines = [];
  const port = openSecretVault({ client: vault.client, deployment: 'dev', clock, ids: seededIds() });
  world = createWorld({ clock, log, ports: { secrets: port } });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const copies = () => [...vault.entries.keys()].sort();
const copyOf = (name: string) =>
  JSON.parse(vault.entries.get(`shallop/dev/default/default/${name}`)!.SecretString);
const create = (name: string, value: string) =>
  world.client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    data: { k: Buffer.from(value).toString('base64') },
  } as Secret);

const uses = (name: string, secret: string, image = 'app:1'): Deployment => {
  const made = deploymentOf(name, 2, image);
  made.spec!.template.spec!.containers[0]!.env = [
    { name: 'K', valueFrom: { secretKeyRef: { name: secret, key: 'k' } } },
  ];
  return made;
};
const settled = async (name: string) => {
  const deployment = await world.client.get(deployments, 'default', name);
  const { replicas, updatedReplicas, availableReplicas } = deployment?.status ?? {};
  return [replicas, updatedReplicas, availableReplicas].every((n) => n === 2);
};

test('only what containers use is copied, new data follows, and it goes with its last user', async () => {
  await create('used', 'hunter2');
  await create('unused', 'hunter3');
  await world.client.create(deployments, uses('web', 'used'));
  await until(() => settled('web'));
  await until(() => copies().length > 0);
  expect(copies()).toEqual(['shallop/dev/default/default/used']);
  await world.client.patch(secrets, 'default', 'used', {
    data: { k: Buffer.from('hunter4').toString('base64') },
  });
  await until(() => copyOf('used').k === 'hunter4');
  await world.client.patch(deployments, 'default', 'web', { spec: { replicas: 0 } });
  await until(() => copies().length === 0);
});

test('a Secret that comes after its Pod is copied; one that is deleted is not kept', async () => {
  await world.client.create(deployments, uses('web', 'late'));
  await until(async () => (await world.client.list(pods)).length === 2);
  await create('late', 'hunter2');
  await until(() => copies().length === 1);
  await world.client.delete(secrets, 'default', 'late');
  await until(() => copies().length === 0);
});

test('a rolling update and a Pod that is replaced leave the copy alone', async () => {
  await create('used', 'hunter2');
  await world.client.create(deployments, uses('web', 'used'));
  await until(() => settled('web'));
  await until(() => copies().length === 1);
  vault.calls.length = 0;
  await world.client.patch(deployments, 'default', 'web', {
    spec: { template: uses('web', 'used', 'app:2').spec!.template },
  });
  await until(async () => (await world.client.list(replicaSets)).length === 2 && (await settled('web')));
  for (const { metadata } of await world.client.list(pods))
    await world.client.delete(pods, 'default', metadata.name!, { gracePeriodSeconds: 0 });
  await until(() => settled('web'));
  expect(vault.calls.filter((call) => call !== 'DescribeSecret')).toEqual([]);
});

test('too long: an Event on the Secret, and no second try', async () => {
  await create('big', 'hunter2'.repeat(10_000));
  await world.client.create(deployments, uses('web', 'big'));
  const failed = async () => (await world.client.list(events)).filter((e) => e.reason === 'ProjectionFailed');
  await until(async () => (await failed()).length > 0);
  expect((await failed())[0]?.involvedObject).toMatchObject({ kind: 'Secret', name: 'big' });
  expect(copies()).toEqual([]);
});

test('a refusal is told and tried again', async () => {
  vault.failNext('CreateSecret', 'AccessDeniedException');
  await create('used', 'hunter2');
  await world.client.create(deployments, uses('web', 'used'));
  await until(() => copies().length === 1);
  const told = (await world.client.list(events)).filter((e) => e.reason === 'ProjectionFailed');
  expect(told.map((e) => e.message)).toEqual([
    expect.stringMatching(/^secrets\.\w+ .*: CreateSecret: AccessDeniedException/),
  ]);
});

test('copies without a Secret or a user go with the sweep', async () => {
  await create('unused', 'hunter2');
  for (const name of ['unused', 'gone'])
    vault.entries.set(`shallop/dev/default/default/${name}`, {
      ARN: name,
      Name: `shallop/dev/default/default/${name}`,
      SecretString: '{}',
      versions: 1,
      Tags: Object.entries({
        deployment: 'dev',
        cluster: 'default',
        namespace: 'default',
        name,
        uid: 'u',
      }).map(([key, Value]) => ({ Key: `shallop.dev/${key}`, Value })),
    });
  await clock.advance(600_000);
  await until(() => copies().length === 0);
});

test('no value is in a log line, an Event or a status', async () => {
  await create('used', 'hunter2');
  for (const call of ['DescribeSecret', 'CreateSecret', 'UpdateSecret', 'DeleteSecret'])
    vault.failNext(call, 'InvalidParameterException');
  await world.client.create(deployments, uses('web', 'used'));
  await until(() => copies().length === 1);
  await world.client.patch(secrets, 'default', 'used', {
    data: { k: Buffer.from('hunter22').toString('base64') },
  });
  await until(() => copyOf('used').k === 'hunter22');
  await world.client.delete(deployments, 'default', 'web');
  await create('big', 'hunter2'.repeat(10_000));
  await world.client.create(deployments, uses('big', 'big'));
  await until(() => copies().length === 0);
  const told = JSON.stringify([lines, await world.client.list(events), await world.client.list(pods)]);
  expect(lines.length).toBeGreaterThan(0);
  expect(told).not.toContain('hunter2');
  expect(told).not.toContain(Buffer.from('hunter2').toString('base64').slice(0, 8));
});
