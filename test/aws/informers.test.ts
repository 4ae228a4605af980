import { expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig, type KubernetesObject, makeInformer } from '@kubernetes/client-node';
import { configMaps } from '../../src/shared/controllers/resources.ts';
import { type Deployment, openDeployment } from '../support/aws/deployment.ts';
import { until } from '../support/until.ts';

const path = '/api/v1/namespaces/default/configmaps';

test('an informer misses nothing and repeats nothing while its watches end every few seconds', async () => {
  // The function has 4 s, so that a watch has 2.
  const deployment = await openDeployment('kubectl', { timeoutMs: 4_000 });
  const informer = await watchConfigMaps(deployment);
  try {
    const ended = () => deployment.front.output.filter((line) => line.includes('"verb":"watch"')).length;
    const client = deployment.core.clients('default');
    const written = new Set<string>();
    for (let i = 0; ended() < 3; i++) {
      const metadata = { namespace: 'default', name: `w${i}` };
      const made = await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      written.add(made.metadata.resourceVersion!);
      await until('the informer to see it', () => informer.seen.has(made.metadata.resourceVersion!));
    }
    expect([...informer.seen].filter((revision) => written.has(revision))).toHaveLength(written.size);
    expect(informer.repeated).toEqual([]);
    expect(deployment.front.output.filter((line) => line.startsWith('front:'))).toEqual([]);
  } finally {
    await informer.stop();
    await deployment.close();
  }
});

async function watchConfigMaps({ front, token }: Deployment) {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'c',
        server: front.url,
        caData: Buffer.from(front.ca).toString('base64'),
        skipTLSVerify: false,
      },
    ],
    users: [{ name: 'u', token: token('ADMIN') }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace: 'default' }));
  const seen = new Set<string>();
  const repeated: string[] = [];
  const record = ({ metadata }: KubernetesObject) => {
    const revision = metadata!.resourceVersion!;
    if (seen.has(revision)) repeated.push(revision);
    seen.add(revision);
  };
  informer.on('add', record);
  informer.on('update', record);
  let stopped = false;
  informer.on('error', () => {
    if (!stopped) setTimeout(() => informer.start(), 50);
  });
  await informer.start();
  return {
    seen,
    repeated,
    stop: async () => {
      stopped = true;
      await informer.stop();
    },
  };
}
