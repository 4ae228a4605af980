import { expect, test } from '@jest/globals';
import { fakeClients } from '../../../test/support/controllers/fakeApi.ts';
import { deploymentOf } from '../../../test/support/controllers/world.ts';
import type { Client, Clients } from '../../shared/client/client.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { seededIds } from '../../shared/clock/seededIds.ts';
import { deployments, logicalClusters, services } from '../../shared/controllers/resources.ts';
import { asleep } from '../../shared/controllers/scaletozero/workload.ts';
import { notFound } from '../../shared/errors/common.ts';
import type { Service } from '../../shared/kinds/schema/types.ts';
import { silentLogger } from '../../shared/observability/logger.ts';
import type { Demand } from '../../shared/ports/cloud.ts';
import { openMemoryStorage } from '../../shared/storage/memory/index.ts';
import { sweepSleepers } from './sweep.ts';

const unused = {
  refuses: () => undefined,
  follow: async () => {},
  forget: async () => {},
  restore: async () => {},
  lastUsed: async () => 0,
  isWanted: async () => false,
} as unknown as Demand;

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};
const gone = {
  list: async () => {
    throw notFound({ ...logicalClusters, name: 'gone' });
  },
} as unknown as Client;
const broken = {
  list: async () => {
    throw new Error('no answer');
  },
} as unknown as Client;

async function opened(others: Record<string, Client>) {
  const clock = new ManualClock();
  const ids = seededIds(1);
  const real = fakeClients(openMemoryStorage({ clock }), clock, ids);
  const clients: Clients = (cluster) => others[cluster] ?? real(cluster);
  for (const name of [...Object.keys(others), 'last'])
    await clients('default').create(logicalClusters, { metadata: { name } });
  const client = clients('last');
  const { object } = asleep({ kind: 'Deployment', object: deploymentOf('web', 2) }, ['web']);
  await client.create(deployments, object as typeof object & { kind: 'Deployment' });
  const sweep = () => sweepSleepers({ ...{ clients, clock, ids }, demand: unused, log: silentLogger });
  const size = async () => (await client.get(deployments, 'default', 'web'))?.spec?.replicas;
  return { clock, client, sweep, size };
}

test.each([
  ['that lost both its mark and what it asked for', service],
  ['that is gone', undefined],
])('what sleeps for a Service %s is brought back within ten minutes', async (_, left) => {
  const { clock, client, sweep, size } = await opened({});
  if (left) await client.create(services, left);
  for (let minute = 0; minute < 10; minute++) {
    expect(await sweep()).toBe(0);
    await clock.advance(60_000);
  }
  expect(await size()).toBe(2);
});

test.each([
  ['deleted meanwhile', gone, 0],
  ['that cannot be read', broken, 1],
])('a logical cluster %s keeps no other from its turn', async (_, other, failed) => {
  const { clock, sweep, size } = await opened({ before: other });
  await clock.advance(600_000 - (clock.now() % 600_000));
  expect(await sweep()).toBe(failed);
  expect(await size()).toBe(2);
});
