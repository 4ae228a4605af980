import { join } from 'node:path';
import { type Found, type Kit, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const module = 'github.com/ray-project/kuberay/ray-operator';
const template = (name: string) => ({
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name, image: 'rayproject/ray' }] },
});
const cluster = (name: string, replicas: number, more: object = {}) => ({
  apiVersion: 'ray.io/v1',
  kind: 'RayCluster',
  metadata: { name, namespace: 'default' },
  spec: {
    headGroupSpec: { rayStartParams: {}, template: template('head') },
    workerGroupSpecs: [
      {
        groupName: 'few',
        replicas,
        minReplicas: 0,
        maxReplicas: 5,
        rayStartParams: {},
        template: template('w'),
      },
    ],
    ...more,
  },
});
const inRedis = { gcsFaultToleranceOptions: { redisAddress: 'redis:6379' } };

/** Pods of several roles without a controller between: made, deleted by number and by selector, awaited by a finalizer. */
export const kuberay: Operator = {
  name: 'kuberay',
  module,
  program: module,
  manifests: (folder, kit) => kit.kubectl(['kustomize', join(folder, 'config/default')]),
  flags: ({ ports }) => [
    `--metrics-addr=127.0.0.1:${ports(8080)}`,
    `--health-probe-bind-address=127.0.0.1:${ports(8082)}`,
    '--enable-leader-election',
    '--leader-election-namespace=default',
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.leads('default', 'ray-operator-leader');
  await kit.apply(cluster('ray', 2));
  await kit.until('a head and its workers are ready', () => isReady(kit, 'ray', 2));
  const { status } = await kit.get('raycluster', 'ray');
  const { items: heads } = await kit.get<{ items: Found[] }>('pods', '-l', 'ray.io/node-type=head');
  const head = status?.head as { serviceIP?: string } | undefined;
  if (heads.length !== 1 || head?.serviceIP !== heads[0]!.status?.podIP)
    throw new Error(`the head is said to be at ${head?.serviceIP}`);
  const service = await kit.get('service', 'ray-head-svc');
  if (service.metadata.ownerReferences?.[0]?.name !== 'ray') throw new Error('nobody owns its Service');
  await kit.apply(cluster('ray', 4));
  await kit.until('more workers come', () => isReady(kit, 'ray', 4));
  await kit.apply(cluster('ray', 1));
  await kit.until('and go', () => isReady(kit, 'ray', 1));
  await kit.kubectl(['delete', 'pods', '-l', 'ray.io/node-type=head', '--wait=false']);
  await kit.until('another head comes for one that was deleted', async () => {
    const { items } = await kit.get<{ items: Found[] }>('pods', '-l', 'ray.io/node-type=head');
    return items.length === 1 && items[0]!.status?.phase === 'Running' && isReady(kit, 'ray', 1);
  });
  await kit.apply(cluster('ray', 1, { suspend: true }));
  await kit.until('it rests', async () => says(await kit.get('raycluster', 'ray'), 'RayClusterSuspended'));
  await kit.gone('without Pods', 'pods', '-l', 'ray.io/cluster=ray');
  await kit.apply(cluster('ray', 1, { suspend: false }));
  await kit.until('and goes on', () => isReady(kit, 'ray', 1));
  await kit.kubectl(['delete', 'raycluster', 'ray', '--cascade=foreground', '--timeout=60s']);
  await kit.gone('all of it goes with the cluster', 'pods');

  await kit.apply(cluster('kept', 1, inRedis));
  await kit.until('one that keeps its state elsewhere is ready', () => isReady(kit, 'kept', 1));
  await kit.kubectl(['delete', 'raycluster', 'kept', '--timeout=80s']);
  await kit.until('a Job has cleaned up before it went', async () => {
    const { items } = await kit.get<{ items: { reason: string }[] }>('events');
    return items.some(({ reason }) => reason === 'CreatedRedisCleanupJob');
  });
  await kit.gone('and the Job went with it', 'jobs,pods');
}

/** Whether a cluster has a head that is ready, and as many workers as it should. */
async function isReady(kit: Kit, name: string, workers: number): Promise<boolean> {
  const found = await kit.get<Found & { metadata: { generation: number } }>('raycluster', name);
  const { status, metadata } = found;
  return (
    says(found, 'HeadPodReady') &&
    status?.state === 'ready' &&
    status.readyWorkerReplicas === workers &&
    status.observedGeneration === metadata.generation
  );
}
