import { beforeEach, expect, test } from '@jest/globals';
import { simulatedCore } from '../../../test/support/aws/simulatedCore.ts';
import { localKeys } from '../../../test/support/keyWrapper.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import type { ReconcileContext } from '../../shared/controllers/controller.ts';
import { logicalCluster } from '../../shared/controllers/logicalcluster/index.ts';
import { configMaps, logicalClusters, pods, secrets, services } from '../../shared/controllers/resources.ts';
import { dataFinalizer } from '../../shared/kinds/shallop.dev/v1/logicalcluster/strategy.ts';
import { encrypted } from '../../shared/storage/decorators/encryption.ts';
import { separator } from '../../shared/storage/log/keys.ts';
import type { AwsCore } from '../core.ts';

const keys = localKeys();
const open = () =>
  simulatedCore(systemClock, {
    protect: (storage) =>
      encrypted(storage, { resources: ['secrets'], wrapper: keys.wrapper(), clock: systemClock }),
  });

let world: ReturnType<typeof open>;

const reconcile = ({ clients, environment }: AwsCore, name: string) =>
  logicalCluster.reconcile({ cluster: 'default', namespace: '', name }, {
    ...{ client: clients('default'), env: environment, clock: systemClock },
  } as unknown as ReconcileContext);

const wish = ({ clients }: AwsCore, name: string, base?: string) =>
  clients('default').create(logicalClusters, {
    ...{ apiVersion: 'shallop.dev/v1', kind: 'LogicalCluster', metadata: { name } },
    ...(base && { spec: { base } }),
  });

const meta = (name: string) => ({ name, namespace: 'default' });
const map = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(name), data: { of: name } },
});
const bare = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: meta('bare') },
  spec: { nodeName: 'somewhere', containers: [{ name: 'c', image: 'i' }] },
};

const mapsIn = async ({ clients }: AwsCore, cluster: string) =>
  (await clients(cluster).list(configMaps, { namespace: 'default' })).map(
    ({ metadata, data }) => `${metadata.name} ${metadata.uid} ${data?.of}`,
  );

beforeEach(async () => {
  world = open();
  const { core } = world;
  await reconcile(core, 'default');
  await wish(core, 'base');
  await reconcile(core, 'base');
  const client = core.clients('base');
  for (const name of ['one', 'two']) await client.create(configMaps, map(name));
  await client.create(secrets, {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: meta('sealed') },
    stringData: { word: 'kept' },
  } as never);
  await client.create(services, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: meta('web') },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  } as never);
  await client.create(pods, bare as never);
});

test('whoever is first asked for a fork has it begin as its base was, several at once', async () => {
  const { core, beside } = world;
  const before = await mapsIn(core, 'base');
  await wish(core, 'try', 'base');
  const processes = [core, ...Array.from({ length: 3 }, beside)];
  const seen = await Promise.all(processes.map((each) => mapsIn(each, 'try')));
  for (const each of seen) expect(each).toEqual(before);
  await core.clients('base').delete(configMaps, 'default', 'one');
  await core.clients('try').create(configMaps, map('three'));
  for (const each of [...processes, beside()]) {
    expect(await mapsIn(each, 'try')).toHaveLength(before.length + 1);
    expect(await mapsIn(each, 'base')).toHaveLength(before.length - 1);
    // Sealed for the base.
    expect((await each.clients('try').get(secrets, 'default', 'sealed'))?.data).toEqual({ word: 'a2VwdA==' });
  }
});

test('a fork has addresses and Pods of its own', async () => {
  const { core, beside } = world;
  await wish(core, 'try', 'base');
  // Whoever loses at the status tries again.
  await Promise.allSettled([reconcile(core, 'try'), reconcile(beside(), 'try')]);
  await reconcile(core, 'try');
  const object = await core.clients('default').get(logicalClusters, '', 'try');
  expect(object).toMatchObject({ status: { phase: 'Ready' } });
  const addressIn = async (cluster: string, name: string) =>
    (await core.clients(cluster).get(services, 'default', name))?.spec?.clusterIP;
  const addresses = [];
  for (const cluster of ['base', 'try'])
    for (const name of ['web', 'kubernetes']) addresses.push(await addressIn(cluster, name));
  expect(addresses.filter(Boolean)).toHaveLength(4);
  expect(new Set(addresses).size).toBe(4);
  const [theirs, own] = await Promise.all(
    ['base', 'try'].map((cluster) => core.clients(cluster).get(pods, 'default', 'bare')),
  );
  expect(own?.metadata.uid).not.toBe(theirs?.metadata.uid);
  expect([theirs?.spec?.nodeName, own?.spec?.nodeName]).toEqual(['somewhere', undefined]);
});

test('a base stays while it has forks, which go with all that it kept for them', async () => {
  const { core, simulator } = world;
  await wish(core, 'try', 'base');
  await reconcile(core, 'try');
  await core.clients('base').delete(configMaps, 'default', 'one');
  const client = core.clients('default');
  await expect(client.delete(logicalClusters, '', 'base')).rejects.toThrow('it is the base of try');
  for (const name of ['try', 'base']) {
    await client.delete(logicalClusters, '', name);
    const { metadata } = (await client.get(logicalClusters, '', name))!;
    const own = metadata.finalizers?.filter((each) => each === dataFinalizer);
    await client.patch(logicalClusters, '', name, { metadata: { finalizers: own } });
    await reconcile(core, name);
    expect(await client.get(logicalClusters, '', name)).toBeUndefined();
  }
  const kinds = ['fork', 'forks', 'past', 'former', 'object', 'owner', 'chunk'];
  const left = simulator.operations.items
    .all()
    .filter(({ gone }) => !gone)
    .map(({ pk, sk }) => [...pk!.S!.split(separator), sk!.S!])
    .filter(([kind = '', cluster]) => kinds.includes(kind) && cluster !== 'default')
    .map((parts) => parts.join(' '));
  expect(left).toEqual([]);
});

test('a fork that was made for an object that is gone by then goes with its base', async () => {
  const { core } = world;
  await core.storage.fork('base', 'orphan');
  await core.environment.dropCluster('base');
  expect(await core.storage.forks('base')).toEqual([]);
  expect((await core.storage.list({ cluster: 'orphan', resource: 'configmaps' })).items).toEqual([]);
});

test('a base that is not there is refused by name', async () => {
  await expect(wish(world.core, 'try', 'none')).rejects.toThrow('spec.base: Not found: "none"');
});
