import { type Found, says } from '../kit.ts';
import { kustomized, leaseOf } from '../kustomized.ts';
import type { Operator } from '../operator.ts';

const namespace = 'lws-system';
const set = (replicas: number, size = 2) => ({
  apiVersion: 'leaderworkerset.x-k8s.io/v1',
  kind: 'LeaderWorkerSet',
  metadata: { name: 'inference', namespace: 'default' },
  spec: {
    replicas,
    leaderWorkerTemplate: {
      size,
      workerTemplate: { spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  },
});

/** Groups of Pods with a leader: webhooks that change Pods, StatefulSets of StatefulSets, revisions. */
export const lws: Operator = {
  name: 'lws',
  module: 'sigs.k8s.io/lws',
  program: 'sigs.k8s.io/lws/cmd',
  ...kustomized(namespace),
  async story(kit) {
    await kit.leads(namespace, leaseOf(namespace));
    await kit.until('creates a LeaderWorkerSet through its webhooks', async () => {
      await kit.apply(set(2));
      return true;
    });
    const pods = () =>
      kit.get<{ items: Found[] }>('pods', '-l', 'leaderworkerset.sigs.k8s.io/name=inference');
    await kit.until('has a leader and a worker for each replica', async () => {
      const { items } = await pods();
      const workers = items.filter(
        ({ metadata }) => metadata.labels?.['leaderworkerset.sigs.k8s.io/worker-index'] === '1',
      );
      return items.length === 4 && workers.length === 2;
    });
    await kit.until('says that it is available', async () => {
      const found = await kit.get('leaderworkerset', 'inference');
      return says(found, 'Available') && found.status?.readyReplicas === 2;
    });
    await kit.kubectl(['scale', 'leaderworkerset', 'inference', '--replicas=3']);
    await kit.until('grows by its scale', async () => (await pods()).items.length === 6);
    await kit.refused(
      'refuses a size that cannot be',
      /admission webhook "vleaderworkerset.kb.io" denied the request/,
      set(2, 0),
    );
    await kit.kubectl(['delete', 'leaderworkerset', 'inference', '--timeout=60s']);
    await kit.gone('StatefulSets and Pods go with it', 'statefulsets,pods');
  },
};
