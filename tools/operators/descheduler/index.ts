import type { Found, Kit } from '../kit.ts';
import type { Operator } from '../operator.ts';

const namespace = 'kube-system';
const module = 'sigs.k8s.io/descheduler';
const counted = { labelSelector: { matchLabels: { age: 'counts' } }, maxPodLifeTimeSeconds: 4 };
/** In place of what the module comes with, which is about how full Nodes are. */
const policy = {
  apiVersion: 'descheduler/v1alpha2',
  kind: 'DeschedulerPolicy',
  profiles: [
    {
      name: 'all',
      pluginConfig: [
        { name: 'DefaultEvictor' },
        { name: 'PodLifeTime', args: counted },
        { name: 'RemovePodsViolatingNodeTaints' },
      ],
      plugins: { deschedule: { enabled: ['PodLifeTime', 'RemovePodsViolatingNodeTaints'] } },
    },
  ],
};
const template = (app: string, age: string) => ({
  metadata: { labels: { app, age } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'none' }] },
});
const workload = (app: string, age = 'counts') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: app, namespace: 'default' },
  spec: { replicas: 2, selector: { matchLabels: { app } }, template: template(app, age) },
});
const bare = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'bare', namespace: 'default', labels: { app: 'bare', age: 'counts' } },
  spec: template('bare', 'counts').spec,
};
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'kept', namespace: 'default' },
  spec: { minAvailable: 2, selector: { matchLabels: { app: 'kept' } } },
};

/** Evicts Pods that should not be where they are: by the Eviction API, as far as budgets let it. */
export const descheduler: Operator = {
  name: 'descheduler',
  module,
  program: `${module}/cmd/descheduler`,
  needsItsFiles: true,
  // It does nothing where there is one.
  nodes: 2,
  async manifests(folder, kit) {
    const text = await kit.kubectl(['kustomize', `${folder}/kubernetes/deployment`]);
    const ours = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'descheduler-policy-configmap', namespace },
      data: { 'policy.yaml': JSON.stringify(policy) },
    };
    return `${text}\n---\n${JSON.stringify(ours)}`;
  },
  flags: ({ ports, kubeconfig, folder }) => [
    `--kubeconfig=${kubeconfig}`,
    `--policy-config-file=${folder}/policy-dir/policy.yaml`,
    '--descheduling-interval=2s',
    '--bind-address=127.0.0.1',
    `--secure-port=${ports(10258)}`,
    '--leader-elect=true',
    `--leader-elect-resource-namespace=${namespace}`,
    '--v=3',
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.leads(namespace, 'descheduler');
  await kit.apply(budget, workload('kept'), workload('young', 'none'), bare);
  const stay = ['kept', 'young', 'bare'];
  const before = await kit.until('Pods run', async () => {
    const all = await Promise.all(stay.map((app) => running(kit, app)));
    return all.map(({ length }) => length).join() === '2,2,1' && all.flat();
  });
  await kit.apply(workload('old'));
  const old = await kit.until('Pods that will be too old run', async () => {
    const names = await running(kit, 'old');
    return names.length === 2 && names;
  });
  await kit.until('evicts those that are too old, for which others come', async () => {
    const names = await running(kit, 'old');
    return names.length === 2 && !names.some((name) => old.includes(name));
  });
  await kit.until('tells why by Events', async () => {
    const { items } = await kit.get<{ items: { reason: string; message: string; action?: string }[] }>(
      'events',
      `--field-selector=involvedObject.name=${old[0]},reason=PodLifeTime`,
    );
    return items.some(({ action }) => action === 'Descheduled');
  });
  const after = (await Promise.all(stay.map((app) => running(kit, app)))).flat();
  if (after.join() !== before.join())
    throw new Error(`Pods went that were to stay: ${before.join()} became ${after.join()}`);
  await kit.kubectl(['taint', 'node', '--all', 'reserved=yes:NoSchedule']);
  await kit.until('evicts Pods that do not bear a taint that came later', async () => {
    const names = await running(kit, 'young');
    return names.length === 0;
  });
  if ((await running(kit, 'kept')).length !== 2) throw new Error('the budget was not heeded');
}

/** Names of the Pods of an app that run and are not on their way out. */
async function running(kit: Kit, app: string): Promise<string[]> {
  const { items } = await kit.get<{ items: Found[] }>(
    'pods',
    '-l',
    `app=${app}`,
    '--field-selector=status.phase=Running',
  );
  return items.map(({ metadata }) => metadata.name).sort();
}
