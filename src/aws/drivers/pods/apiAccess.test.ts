import { expect, test } from '@jest/globals';
import { podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
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
type Options = Pick<FargateOptions, 'secrets' | 'apiHost' | 'podMetrics'>;
const asked: unknown[] = [];
const tokens: TokenVault = {
  keep: () => Promise.reject(new Error('only the controllers of Secrets keep tokens')),
  find: async (ref) => {
    asked.push(ref);
    return { valueFrom: 'arn:tokens:boot::', renewAt: 0 };
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

test('D11: a Pod is handed a boot token by reference, and its siblings share the definition', async () => {
  asked.length = 0;
  const blueprint = await made(mounting(usual, own));
  const [projector, container, keeper] = blueprint.definition.containerDefinitions!;
  expect(projector?.secrets).toEqual([{ name: 'SHALLOP_BOOT_TOKEN', valueFrom: 'arn:tokens:boot::' }]);
  const ref = { cluster: 'default', namespace: 'ns', name: 'serviceaccount/robot', uid: 'uid-robot' };
  expect(asked).toEqual([ref]);
  expect(container?.mountPoints).toEqual([
    { sourceVolume: 'v0', containerPath: mountPath, readOnly: false },
    { sourceVolume: 'v1', containerPath: '/m1', readOnly: false },
  ]);
  expect([projector, keeper].map((each) => each?.mountPoints?.at(-1))).toEqual(
    Array(2).fill({ sourceVolume: 'tokens', containerPath: '/shallop-tokens', readOnly: false }),
  );
  expect((await made(mounting(usual, own), refOf('web-2'))).definition).toEqual(blueprint.definition);
});

test('D11: which Pod its tokens are bound to is all that the override of a task says', async () => {
  const { overrides } = await made(mounting(own));
  const [{ environment = [] } = {}] = overrides;
  expect(environment.map(({ name, value }) => [name, JSON.parse(value ?? '')])).toEqual([
    ['SHALLOP_BOUND_TO', { apiVersion: 'v1', kind: 'Pod', name: 'web-1', uid: 'uid-of-web-1' }],
  ]);
});

test('D11: the container that renews tokens runs beside the others and keeps no task from ending', async () => {
  const { definition, overrides } = await made(mounting(usual));
  const [projector, container, keeper] = definition.containerDefinitions!;
  expect(keeper).toMatchObject({
    name: 'shallop-tokens',
    image: projector?.image,
    essential: false,
    dependsOn: [{ containerName: 'shallop-projector', condition: 'SUCCESS' }],
    restartPolicy: { enabled: true },
    stopTimeout: 2,
  });
  expect(keeper?.secrets).toBeUndefined();
  expect(container).toMatchObject({
    essential: true,
    dependsOn: [{ containerName: 'shallop-projector', condition: 'SUCCESS' }],
  });
  expect(overrides.map(({ name }) => name)).toEqual(['shallop-projector', 'c']);
});

test('D11: a token is asked for as its volume says, for so long and with the group of the Pod', async () => {
  const pod = mounting(usual, own);
  pod.spec!.securityContext = { fsGroup: 1234 };
  const { definition } = await made(pod);
  const scripts = ['shallop-projector', 'shallop-tokens'].map(
    (wanted) => definition.containerDefinitions?.find(({ name }) => name === wanted)?.command?.[0] ?? '',
  );
  for (const script of scripts) {
    expect(script).toContain("url='https://api.example/api/v1/namespaces/ns/serviceaccounts/robot/token'");
    expect(script.split('\n').filter((line) => line.startsWith('  renew '))).toEqual([
      `  renew 0 '/shallop-tokens/boot' 0600 '' 604800 86400 '["https://shallop.dev/boot"]'`,
      `  renew 1 '/shallop/v0/token' 0664 1234 3607 2885 '[]'`,
      `  renew 2 '/shallop/v1/vault' 0664 1234 600 480 '["https://vault"]'`,
    ]);
  }
});

test('a Pod that mounts no token has neither a boot token nor a container for it', async () => {
  const { definition } = await made(mounting({ name: 'scratch', emptyDir: {} }));
  expect(definition.containerDefinitions?.map(({ name }) => name)).toEqual(['shallop-projector', 'c']);
  expect(definition.containerDefinitions?.[0]).not.toHaveProperty('logConfiguration');
  expect(definition.volumes).toEqual([{ name: 'v0' }]);
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
  expect(ignored(mounting(usual, own))).toEqual([]);
});

const measuring = { ...reaching, podMetrics: 60 };
const containersOf = async (pod: Pod, options: Options) =>
  (await made(pod, refOf(), options)).definition.containerDefinitions ?? [];
const namesOf = async (...asked: Parameters<typeof containersOf>) =>
  (await containersOf(...asked)).map(({ name }) => name);

test('where Pods are measured the container that renews tokens tells what they use, and is else the same', async () => {
  const scripts = await Promise.all(
    [reaching, measuring].map(async (options) => {
      const [projector, , keeper] = await containersOf(mounting(usual), options);
      return [projector?.command?.[0], keeper?.command?.[0]] as const;
    }),
  );
  const [[first, later = ''] = [], [measuredFirst, measuredLater = ''] = []] = scripts;
  expect(measuredFirst).toBe(first);
  expect(later).not.toContain('podusage');
  expect(measuredLater).toContain("usage='https://api.example/podusage'");
  expect(later.split('\n').filter((line) => line.startsWith('  renew '))).toEqual(
    measuredLater.split('\n').filter((line) => line.startsWith('  renew ')),
  );
});

test('a Pod that mounts no token has both containers where it is measured, with or without volumes', async () => {
  const names = ['shallop-projector', 'c', 'shallop-tokens'];
  expect(await namesOf(mounting({ name: 'scratch', emptyDir: {} }), measuring)).toEqual(names);
  const bare = podOf({
    containers: [{ name: 'c', image: 'nginx:1' }],
    securityContext: { fsGroup: 1234 },
  });
  const [projector, container, keeper] = await containersOf(bare, measuring);
  expect([projector, container, keeper].map((each) => each?.name)).toEqual(names);
  expect(projector?.command?.[0]).not.toContain('chgrp -R');
  expect(projector?.secrets).toEqual([{ name: 'SHALLOP_BOOT_TOKEN', valueFrom: 'arn:tokens:boot::' }]);
  expect(keeper).toMatchObject({ essential: false, mountPoints: projector?.mountPoints });
});

test('a Pod of another logical cluster, which does not reach the API, is not measured', async () => {
  const { definition } = await made(mounting(), { ...refOf(), cluster: 'red' }, measuring);
  expect(definition.containerDefinitions).toHaveLength(1);
});

test.each([
  [8, 10],
  [9, 9],
])('a Pod of %d containers has %d in its task: it runs rather than being measured', async (own, all) => {
  const containers = Array.from({ length: own }, (_, i) => ({ name: `c${i}`, image: 'nginx:1' }));
  expect(await namesOf(podOf({ containers }), measuring)).toHaveLength(all);
});
