import { expect, test } from '@jest/globals';
import type { Pod, Secret } from '../../kinds/schema/types.ts';
import type { SecretVault } from '../../ports/cloud.ts';
import type { ReconcileContext } from '../controller.ts';
import { pods } from '../resources.ts';
import { secretProjection } from './index.ts';

const user: Pod = {
  metadata: { name: 'p' },
  spec: { containers: [], volumes: [{ name: 'v', secret: { secretName: 'app' } }] },
};

/** Returns what a run tells the vault; `meanwhile` happens during its first call. */
async function told(
  meanwhile: (world: { version: number; used: boolean }) => void,
  used = true,
): Promise<string[]> {
  const calls: string[] = [];
  const world = { version: 1, used };
  const vault: Partial<SecretVault> = {
    project: async (_, { metadata }) => {
      if (calls.push(`keep ${metadata.resourceVersion}`) === 1) meanwhile(world);
      return { arn: '' };
    },
    remove: async () => {
      if (calls.push('remove') === 1) meanwhile(world);
    },
  };
  const client = {
    get: async (): Promise<Secret> => ({
      metadata: { name: 'app', uid: 'u', resourceVersion: String(world.version) },
    }),
    list: async (resource: unknown) => (resource === pods && world.used ? [user] : []),
  };
  const context = { client, cloud: { secrets: vault } } as unknown as ReconcileContext;
  await secretProjection.reconcile({ cluster: 'default', namespace: 'ns', name: 'app' }, context);
  return calls;
}

test('a copy that was made while its last user went goes too', async () => {
  const calls = await told((world) => {
    world.used = false;
  });
  expect(calls).toEqual(['keep 1', 'remove']);
});

test('content that changed while it was copied is copied again', async () => {
  const calls = await told((world) => {
    world.version = 2;
  });
  expect(calls).toEqual(['keep 1', 'keep 2']);
});

test('a copy that went while a user came is made again', async () => {
  const calls = await told((world) => {
    world.used = true;
  }, false);
  expect(calls).toEqual(['remove', 'keep 1']);
});
