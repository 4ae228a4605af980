import { type Found, says } from '../kit.ts';
import { kustomized, leaseOf } from '../kustomized.ts';
import type { Operator } from '../operator.ts';

const namespace = 'kueue-system';
const usual = kustomized(namespace);
const queue = (kind: string, name: string, spec: object, more: object = {}) => ({
  apiVersion: 'kueue.x-k8s.io/v1beta1',
  kind,
  metadata: { name, ...more },
  spec,
});
const job = (name: string, cpu: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default', labels: { 'kueue.x-k8s.io/queue-name': 'users' } },
  spec: {
    suspend: true,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'c', image: 'busybox', resources: { requests: { cpu } } }],
      },
    },
  },
});

/** Queues of Jobs: webhooks on Kubernetes' own kinds, conversion between v1beta1 and v1beta2, finalizers. */
export const kueue: Operator = {
  name: 'kueue',
  module: 'sigs.k8s.io/kueue',
  program: 'sigs.k8s.io/kueue/cmd/kueue',
  ...usual,
  // Its kinds of other projects are not there; its visibility server wants a folder in the root of the machine.
  configuration: (ports) => ({
    ...usual.configuration?.(ports),
    integrations: { frameworks: ['batch/job'] },
  }),
  flags: (where) => [...usual.flags(where), '--feature-gates=VisibilityOnDemand=false'],
  async story(kit) {
    await kit.leads(namespace, leaseOf(namespace));
    await kit.until('takes queues of v1beta1 through its webhooks', async () => {
      await kit.apply({ ...queue('ResourceFlavor', 'usual', {}) });
      await kit.apply(
        queue('ClusterQueue', 'all', {
          namespaceSelector: {},
          resourceGroups: [
            {
              coveredResources: ['cpu'],
              flavors: [{ name: 'usual', resources: [{ name: 'cpu', nominalQuota: '2' }] }],
            },
          ],
        }),
      );
      await kit.apply(queue('LocalQueue', 'users', { clusterQueue: 'all' }, { namespace: 'default' }));
      return true;
    });
    await kit.until('converts them between its versions', async () => {
      const [older, newer] = await Promise.all([
        kit.get('clusterqueues.v1beta1.kueue.x-k8s.io', 'all'),
        kit.get('clusterqueues.v1beta2.kueue.x-k8s.io', 'all'),
      ]);
      return (
        says(newer, 'Active') && older.apiVersion.endsWith('v1beta1') && newer.apiVersion.endsWith('v1beta2')
      );
    });
    await kit.apply(job('small', '1'), job('large', '3'));
    await kit.until('admits a Job that fits, and sees it finished', async () =>
      says(await kit.get('job', 'small'), 'Complete'),
    );
    await kit.until('keeps one that does not', async () => {
      const { items } = await kit.get<{ items: Found[] }>('workloads.v1beta1.kueue.x-k8s.io');
      const large = items.find(({ metadata }) => metadata.ownerReferences?.[0]?.name === 'large');
      const { spec } = await kit.get('job', 'large');
      return large && !says(large, 'Admitted') && spec?.suspend === true;
    });
    await kit.refused(
      'refuses a queue that cannot be',
      /admission webhook "vclusterqueue.kb.io" denied the request/,
      queue('ClusterQueue', 'wrong', {
        namespaceSelector: {},
        resourceGroups: ['usual', 'other'].map((name) => ({
          coveredResources: ['cpu'],
          flavors: [{ name, resources: [{ name: 'cpu', nominalQuota: '1' }] }],
        })),
      }),
    );
    await kit.kubectl(['delete', 'jobs', '--all', '--timeout=60s']);
    await kit.gone('Workloads go with their Jobs', 'workloads');
    await kit.kubectl(['delete', 'localqueue', 'users', '--timeout=60s']);
    await kit.kubectl(['delete', 'clusterqueue', 'all', '--timeout=60s']);
    await kit.kubectl(['delete', 'resourceflavor', 'usual', '--timeout=60s']);
  },
};
