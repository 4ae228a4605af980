import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../meta/object.ts';
import type { ReconcileContext } from '../controller.ts';
import { garbageCollector } from './index.ts';

const configMaps = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const count = 3000;
const object: KubeObject = {
  metadata: {
    namespace: 'default',
    name: 'held',
    uid: 'own',
    ownerReferences: Array.from({ length: count }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: `c${i}`,
      uid: `u${i}`,
    })),
  },
};

/** A client that counts what is asked of it, and how much of that at once. Only the object itself is there. */
function counting() {
  const asked = { gets: 0, deletions: 0, most: 0 };
  let now = 0;
  const client = {
    resources: async () => [configMaps],
    owned: async () => [],
    get: async (_: unknown, _namespace: string, name: string) => {
      asked.gets++;
      asked.most = Math.max(asked.most, ++now);
      await Promise.resolve();
      now--;
      return name === 'held' ? object : undefined;
    },
    delete: async () => {
      asked.deletions++;
    },
  };
  return { client: client as unknown as ReconcileContext['client'], asked };
}

test('of thousands of owners the first that is gone is reason enough to look closer', async () => {
  const { client, asked } = counting();
  const info = { client, resource: 'configmaps', deleted: false };
  expect(await garbageCollector.watchesAll!.keys(object, undefined, info)).toEqual([
    { namespace: 'default', name: 'configmaps|held' },
  ]);
  expect(asked.gets).toBe(1);
});

test('thousands of owners are asked for a few at a time', async () => {
  const { client, asked } = counting();
  const context = { client, env: { clients: () => client } } as unknown as ReconcileContext;
  const key = { cluster: 'default', namespace: 'default', name: 'configmaps|held' };
  await garbageCollector.reconcile(key, context);
  expect(asked).toEqual({ gets: count + 1, deletions: 1, most: 16 });
});
