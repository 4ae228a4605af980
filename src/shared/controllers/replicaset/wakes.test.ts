import { expect, test } from '@jest/globals';
import type { Pod, ReplicaSet } from '../../kinds/schema/types.ts';
import type { ChangeInfo } from '../controller.ts';
import { pods } from '../resources.ts';
import { replicaSet } from './index.ts';

const labels = { app: 'web' };
const set = (name: string, app = 'web') =>
  ({
    metadata: { name, namespace: 'n' },
    spec: { selector: { matchLabels: { app } } },
  }) as unknown as ReplicaSet;
const owned = (owner?: string): Pod => ({
  metadata: {
    ...{ name: 'p', namespace: 'n', labels },
    ...(owner && {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: 'u', controller: true },
      ],
    }),
  },
  spec: { containers: [] },
});
const watch = replicaSet.watches.find(({ resource }) => resource === pods)!;

test.each<[string, Pod, Pod | undefined, boolean, string[]]>([
  ['of its owner', owned('mine'), owned('mine'), false, ['mine', 'mine']],
  ['that lost its owner: who selects it may take it', owned(), owned('former'), false, ['former', 'web']],
  ['of nobody', owned(), undefined, false, ['web']],
  ['that is gone', owned('mine'), undefined, true, ['mine']],
])('a Pod %s wakes ReplicaSets', async (_, pod, old, deleted, woken) => {
  const client = { list: async () => [set('web'), set('other', 'other')] };
  const keys = await watch.keys(pod, old, { client, deleted } as unknown as ChangeInfo);
  expect(keys.map(({ name }) => name)).toEqual(woken);
});
