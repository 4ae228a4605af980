import { expect, test } from '@jest/globals';
import type { Pod, ServiceAccount } from '../../kinds/schema/types.ts';
import { bootAudience } from '../../ports/accountTokens.ts';
import type { SecretVault } from '../../ports/cloud.ts';
import type { ReconcileContext } from '../controller.ts';
import { pods } from '../resources.ts';
import { tokenProjection } from './index.ts';

const user: Pod = {
  metadata: { name: 'p' },
  spec: {
    containers: [],
    serviceAccountName: 'app',
    volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
  },
};

interface World {
  uid: string;
  used: boolean;
}

/**
 * Returns what a run tells the vault, in which there is nothing; with its first call the world becomes as `meanwhile`
 * says.
 */
async function told(world: World, meanwhile: Partial<World> = {}): Promise<string[]> {
  const calls: string[] = [];
  const tell = (call: string) => {
    if (calls.push(call) === 1) Object.assign(world, meanwhile);
  };
  const vault: Partial<SecretVault> = {
    remove: async ({ name }) => tell(`remove ${name}`),
    tokens: {
      keep: async ({ uid }, token) => tell(`keep ${token} of ${uid}`),
      find: async () => undefined,
    },
  };
  const client = {
    get: async (): Promise<ServiceAccount> => ({ metadata: { name: 'app', uid: world.uid } }),
    list: async (resource: unknown) => (resource === pods && world.used ? [user] : []),
  };
  const issueToken: ReconcileContext['env']['issueToken'] = async (_, { metadata }, { audience }) =>
    audience === bootAudience ? `boot-${metadata.uid}` : 'a token that is good for more';
  const context = {
    client,
    cloud: { secrets: vault },
    clock: { now: () => 0 },
    env: { issueToken },
  } as unknown as ReconcileContext;
  await tokenProjection.reconcile({ cluster: 'default', namespace: 'ns', name: 'app' }, context);
  return calls;
}

test.each<[string, World, Partial<World>, string[]]>([
  ['made for who uses it', { uid: 'u', used: true }, {}, ['keep boot-u of u']],
  ['gone when nobody does', { uid: 'u', used: false }, {}, ['remove serviceaccount/app']],
  [
    'there again for a Pod that came while it went',
    { uid: 'u', used: false },
    { used: true },
    ['remove serviceaccount/app', 'keep boot-u of u'],
  ],
  [
    'gone again with a Pod that went while it was made',
    { uid: 'u', used: true },
    { used: false },
    ['keep boot-u of u', 'remove serviceaccount/app'],
  ],
  [
    'another one for an account that was made anew meanwhile',
    { uid: 'u', used: true },
    { uid: 'v' },
    ['keep boot-u of u', 'keep boot-v of v'],
  ],
])('a token is %s', async (_, world, meanwhile, calls) => {
  expect(await told(world, meanwhile)).toEqual(calls);
});
