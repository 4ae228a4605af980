import { expect, test } from '@jest/globals';
import { podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { filesIn } from '../../../../test/support/aws/projector.ts';
import type {
  Pod,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../../../shared/kinds/schema/types.ts';
import type { PodRef, PodSources, TokenVault } from '../../../shared/ports/cloud.ts';
import { viewsOf } from './context.ts';
import { blueprintOf } from './definition.ts';
import type { FargateOptions } from './options.ts';
import { ignored, unsupported } from './unsupported.ts';

/** Tokens of service accounts in a Pod's definition: where they are, never what they are. */
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const projection = (...tokens: ServiceAccountTokenProjection[]): VolumeProjection[] =>
  tokens.map((serviceAccountToken) => ({ serviceAccountToken }));
const usual: Volume = {
  name: 'kube-api-access-abcde',
  projected: {
    defaultMode: 420,
    sources: [
      ...projection({ path: 'token', expirationSeconds: 3607 }),
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
    ],
  },
};
const vaultToken = { path: 'vault', audience: 'https://vault', expirationSeconds: 600 };
const own: Volume = { name: 'own', projected: { sources: projection(vaultToken) } };
const mounting = (...volumes: Volume[]): Pod => {
  const volumeMounts = volumes.map(({ name }, i) => ({ name, mountPath: i ? `/m${i}` : mountPath }));
  const containers = [{ name: 'c', image: 'nginx:1', volumeMounts }];
  return podOf({ containers, volumes, serviceAccountName: 'robot' });
};
type Options = Pick<FargateOptions, 'secrets' | 'apiHost'>;
const asked: unknown[] = [];
const tokens: TokenVault = {
  keep: () => Promise.reject(new Error('only the controllers of Secrets keep tokens')),
  find: async (ref, audience) => {
    asked.push([ref, audience]);
    return { valueFrom: `arn:tokens:${audience || 'api'}::`, renewAt: 0 };
  },
};
const find = async () => undefined;
const reaching = { secrets: { find, tokens }, apiHost: 'api.example' };
const sources: PodSources = {
  configMap: async () => undefined,
  secret: async () => undefined,
  services: async () => [],
  token: () => Promise.reject(new Error('a token was minted')),
  clusterCa: () => 'PEM',
  serviceAccount: async (name) => ({ metadata: { name, uid: 'uid-robot' } }),
};
const refOf = (name = 'web-1'): PodRef => ({
  cluster: 'default',
  namespace: 'ns',
  name,
  uid: `uid-of-${name}`,
});
const made = (pod: Pod, ref = refOf(), options: Options = reaching) =>
  blueprintOf(viewsOf(ref, pod, sources, options), settings);

test('is referred to, never written down; siblings share the definition', async () => {
  asked.length = 0;
  const blueprint = await made(mounting(usual, own));
  const [projector, container] = blueprint.definition.containerDefinitions!;
  expect(projector?.secrets).toEqual([
    { name: 'SHALLOP_SECRET_0', valueFrom: 'arn:tokens:api::' },
    { name: 'SHALLOP_SECRET_1', valueFrom: 'arn:tokens:https://vault::' },
  ]);
  const ref = { cluster: 'default', namespace: 'ns', name: 'serviceaccount/robot', uid: 'uid-robot' };
  expect(asked).toEqual([
    [ref, ''],
    [ref, 'https://vault'],
  ]);
  expect(container?.mountPoints).toEqual([
    { sourceVolume: 'v0', containerPath: mountPath, readOnly: false },
    { sourceVolume: 'v1', containerPath: '/m1', readOnly: false },
  ]);
  expect((await made(mounting(usual, own), refOf('web-2'))).definition).toEqual(blueprint.definition);
});

test('stands where client libraries look for it, with what they need beside it', async () => {
  const blueprint = await made(mounting(usual));
  expect(filesIn(blueprint, 'header.claims.signature')).toEqual({
    'v0/token': 'header.claims.signature',
    'v0/ca.crt': 'PEM',
    'v0/namespace': 'ns',
  });
});

test.each<[string, TokenVault | undefined]>([
  ['there is none', { ...tokens, find }],
  ['nobody keeps any', undefined],
])('while %s the Pod waits', async (_, vault) => {
  const options = { ...reaching, secrets: { find, ...(vault && { tokens: vault }) } };
  await expect(made(mounting(usual), refOf(), options)).rejects.toMatchObject({
    name: 'ConfigError',
    reason: 'ContainerCreating',
    message: 'a token of serviceaccount "robot" is not in Secrets Manager yet',
  });
});

test.each<[string, PodRef, Options]>([
  ['the API has no host of its own', refOf(), { secrets: { find, tokens } }],
  ['the logical cluster is another', { ...refOf(), cluster: 'red' }, reaching],
])('is left out where %s', async (_, ref, options) => {
  const { definition } = await made(mounting(usual), ref, options);
  expect(definition.volumes).toEqual([]);
  expect(definition.containerDefinitions).toHaveLength(1);
});

test('that is asked for by a volume of its own is no reason to wait where the API is reached', () => {
  expect(unsupported(mounting(usual, own), true)).toBeUndefined();
  expect(unsupported(mounting(usual), false)).toBeUndefined();
  expect(ignored(mounting(usual))).toEqual([]);
  expect(ignored(mounting(usual, own))).toEqual(['volumes.projected.serviceAccountToken.expirationSeconds']);
});
