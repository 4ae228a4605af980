import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packedFormat, plainFormat } from '../../src/aws/drivers/dynamodb/format.ts';
import { formatPlace, keyAttributes, number } from '../../src/aws/drivers/dynamodb/layout.ts';
import { ofKnownFormat } from '../../src/aws/knownFormat.ts';
import type { Clients } from '../../src/shared/client/client.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import {
  configMaps,
  deployments,
  pods,
  replicaSets,
  services,
} from '../../src/shared/controllers/resources.ts';
import type { Resource } from '../../src/shared/kinds/kind.ts';
import { kinds } from '../../src/shared/kinds/registry.ts';
import type { Change } from '../../src/shared/ports/storage.ts';
import { check } from '../support/aws/deployedCheck.ts';
import { DeployedWorld } from '../support/aws/deployedWorld.ts';
import { olderTable } from '../support/olderData.ts';

const commit = 'c39016c2';
const minuteMs = 60_000;
const { now, items } = olderTable(commit);

let world: DeployedWorld;
beforeAll(async () => {
  world = new DeployedWorld(1, {
    known: (client, serial, clock) =>
      ofKnownFormat(client, { table: 'shallop', clock, ids: seededIds(1_000_000 + serial) }),
  });
  await world.pass(now - world.clock.now());
  for (const item of items) world.simulator.operations.items.put(item);
});
afterAll(() => world.close());

/** The objects that stand in the table: resource, namespace, name. */
const stored = items.flatMap(({ pk, sk, gone }) => {
  const [kind, cluster, resource = ''] = pk!.S!.split('\x1f');
  const [namespace = '', name = ''] = sk!.S!.split('\x1f');
  return kind === 'object' && cluster === 'default' && !gone ? [{ resource, namespace, name }] : [];
});
const resourceOf = (named: string): Resource | undefined =>
  kinds.find(({ plural, group }) => [plural, group].filter(Boolean).join('.') === named);
const clients: Clients = (cluster) => world.open().core.clients(cluster);

test('the table of an earlier commit has objects of many resources', () => {
  const resources = new Set(stored.map(({ resource }) => resource));
  for (const each of ['configmaps', 'deployments.apps', 'replicasets.apps', 'pods', 'services'])
    expect(resources).toContain(each);
});

test.each(stored)('$resource $namespace/$name can be read', async ({ resource, namespace, name }) => {
  const found = resourceOf(resource);
  // The keys of service-account tokens are no objects of the API.
  const read = found
    ? world.finish(clients('default').get(found, namespace, name))
    : world.finish(world.open().core.storage.get({ cluster: 'default', resource, namespace, name }));
  expect(await read).toBeDefined();
});

test('its log is watched from its beginning, with states before and after', async () => {
  const ending = new AbortController();
  const seen: string[] = [];
  const scope = { cluster: 'default', resource: 'configmaps' };
  const follow = (async () => {
    for await (const each of world.open().core.storage.watch(scope, '1', ending.signal)) {
      if (!('object' in each)) return;
      const { type, object, previous } = each as Change;
      seen.push(`${type} ${object.key.name}${previous ? ` after ${previous.revision}` : ''}`);
    }
  })();
  await world.finish(follow);
  ending.abort();
  expect(seen.filter((each) => !each.includes('kube-root-ca.crt'))).toEqual([
    'put settings',
    'put large',
    'put gone',
    expect.stringMatching(/^delete gone after \d+$/),
  ]);
});

test("today's controllers converge on it, and double nothing", async () => {
  const client = clients('default');
  const before = await world.finish(client.get(deployments, 'default', 'web'));
  for (let tick = 0; tick < 12; tick++) {
    await world.resync(tick, tick === 0);
    await world.pass(minuteMs);
  }
  await check(world);
  const [web, sets, running, service, settings] = await world.finish(
    Promise.all([
      client.get(deployments, 'default', 'web'),
      client.list(replicaSets, { namespace: 'default' }),
      client.list(pods, { namespace: 'default' }),
      client.get(services, 'default', 'web'),
      client.get(configMaps, 'default', 'settings'),
    ]),
  );
  expect(web?.metadata).toMatchObject({ uid: before!.metadata.uid, generation: before!.metadata.generation });
  expect(web?.status).toMatchObject({ replicas: 2, readyReplicas: 2, updatedReplicas: 2 });
  expect(sets).toHaveLength(2);
  expect(running.filter(({ status }) => status?.phase === 'Running')).toHaveLength(2);
  expect(service?.spec?.clusterIP).toMatch(/^10\./);
  expect(settings?.data).toEqual({ colour: 'green' });
});

/** Writes a template with the image; its revision is the one that was rolled out then. */
async function rollOut(image: string): Promise<string | undefined> {
  const client = clients('default');
  const containers = [{ name: 'c', image }];
  await world.finish(
    client.patch(deployments, 'default', 'web', { spec: { template: { spec: { containers } } } }),
  );
  await world.pass(10 * minuteMs);
  await check(world);
  const web = await world.finish(client.get(deployments, 'default', 'web'));
  return web?.metadata.annotations?.['deployment.kubernetes.io/revision'];
}
/** Whether it was ever written as the earlier commit cannot read it. */
const isPacked = () => world.simulator.operations.items.all().some(({ indexAt }) => indexAt);
const formatNow = () => world.simulator.operations.items.get(keyAttributes(formatPlace))?.format;

test('what it goes on to write is rolled out, as the earlier commit reads it', async () => {
  expect(await rollOut('app:3')).toBe('3');
  expect(formatNow()).toEqual(number(plainFormat));
  expect(isPacked()).toBe(false);
});

test('a day later the table is raised, and goes on', async () => {
  for (let hours = 0; hours < 25; hours += 5) {
    await world.pass(5 * 60 * minuteMs);
    await world.finish(clients('default').get(deployments, 'default', 'web'));
  }
  expect(formatNow()).toEqual(number(packedFormat));
  expect(await rollOut('app:4')).toBe('4');
  expect(isPacked()).toBe(true);
});
