import { expect, test } from '@jest/globals';
import { fakeClients } from '../../../../test/support/controllers/fakeApi.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { silentLogger } from '../../observability/logger.ts';
import type { Cloud } from '../../ports/cloud.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { type Controller, type ObjectKey, watching } from '../controller.ts';
import type { Environment } from '../environment.ts';
import { configMaps } from '../resources.ts';
import { ClusterManager } from './clusterManager.ts';
import { storageSource } from './source.ts';

test('what a change leads to is found out later where it cannot be at once', async () => {
  const clock = new ManualClock();
  const ids = seededIds(1);
  const storage = openMemoryStorage({ clock });
  const clients = fakeClients(storage, clock, ids);
  let failures = 2;
  const done: string[] = [];
  const controller: Controller = {
    name: 'c',
    watches: [
      watching({
        resource: configMaps,
        keys: async ({ metadata: { namespace = '', name = '' } }): Promise<ObjectKey[]> => {
          if (failures-- > 0) throw new Error('too many requests');
          return [{ namespace, name }];
        },
      }),
    ],
    reconcile: async ({ name }) => void done.push(name),
  };
  const manager = new ClusterManager('default', {
    ...{ controllers: [controller], source: storageSource(storage), clients, clock, ids, log: silentLogger },
    ...{ cloud: {} as Cloud, env: {} as Environment },
  });
  await manager.start();
  await clients('default').create(configMaps, {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'one' } },
  });
  for (let i = 0; i < 20 && !done.length; i++) await clock.advance(20);
  expect(done).toEqual(['one']);
  await manager.stop();
  await storage.close();
});
