import { expect, test } from '@jest/globals';
import type { SecretVault } from '../../cloud/provider.ts';
import type { Pod, PodSpec } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Controller, ReconcileContext } from '../controller.ts';
import { pods } from '../resources.ts';
import { secretProjection } from '../secretprojection/index.ts';
import { tokenProjection } from './index.ts';

const token = { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };

test.each<[string, Controller, Partial<PodSpec>, string[]]>([
  [
    'Secret',
    secretProjection,
    { volumes: [{ name: 'v', secret: { secretName: 'app' } }] },
    ['remove app', 'keep app'],
  ],
  [
    'token',
    tokenProjection,
    { volumes: [{ name: 'v', ...token }], serviceAccountName: 'app' },
    ['remove serviceaccount/app', 'keep serviceaccount/app u minted'],
  ],
])('a %s that went while a Pod came is there again', async (_, controller, spec, expected) => {
  const calls: string[] = [];
  const user: Pod = { metadata: { name: 'p' }, spec: { containers: [], ...spec } };
  const vault: SecretVault = {
    project: async ({ name }) => {
      calls.push(`keep ${name}`);
      return { arn: '' };
    },
    find: async () => undefined,
    remove: async ({ name }) => void calls.push(`remove ${name}`),
    list: async () => [],
    tokens: {
      keep: async ({ name, uid }, tokens) => void calls.push(`keep ${name} ${uid} ${[...tokens.values()]}`),
      find: async () => undefined,
    },
  };
  const client = {
    get: async (): Promise<KubeObject> => ({ metadata: { name: 'app', uid: 'u' } }),
    // It is made as soon as somebody has seen that nobody needs it.
    list: async (resource: unknown) => (resource === pods && calls.length > 0 ? [user] : []),
  };
  const context = {
    client,
    cloud: { secrets: vault },
    clock: { now: () => 0 },
    env: { issueToken: async () => 'minted' },
  } as unknown as ReconcileContext;
  await controller.reconcile({ cluster: 'default', namespace: 'ns', name: 'app' }, context);
  expect(calls).toEqual(expected);
});
