import type { Found, Kit } from '../kit.ts';
import type { Operator } from '../operator.ts';

const module = 'sigs.k8s.io/descheduler';
const labels = { app: 'web' };
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 4,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'none' }] } },
  },
};
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { minAvailable: 4, selector: { matchLabels: labels } },
};

/** Pods that stand where they would not be put today, evicted as far as their budgets allow. */
export const descheduler: Operator = {
  name: 'descheduler',
  module,
  program: `${module}/cmd/descheduler`,
  nodes: 3,
  async manifests(folder, kit) {
    const text = await kit.kubectl(['kustomize', `${folder}/kubernetes/deployment`]);
    // So that it tells of evictions that are refused, too.
    return text.replace('    profiles:\n', '    evictionFailureEventNotification: true\n    profiles:\n');
  },
  needsItsFiles: true,
  flags: ({ ports, kubeconfig, folder }) => [
    `--kubeconfig=${kubeconfig}`,
    `--policy-config-file=${folder}/policy-dir/policy.yaml`,
    '--descheduling-interval=3s',
    '--bind-address=127.0.0.1',
    `--secure-port=${ports(10258)}`,
    `--cert-dir=${folder}/certificates`,
    '--v=3',
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  const [first, ...others] = (await kit.get<{ items: Found[] }>('nodes')).items.map(
    ({ metadata }) => metadata.name,
  );
  await kit.kubectl(['cordon', ...others]);
  await kit.apply(web, budget);
  await kit.until('Pods are ready, all on one Node', async () => {
    const names = await nodesOf(kit);
    return names.length === 4 && names.every((name) => name === first);
  });
  await kit.kubectl(['uncordon', ...others]);
  await kit.until('is told that a budget forbids it', () => refusals(kit));
  if (new Set(await nodesOf(kit)).size > 1) throw new Error('a Pod was evicted against its budget');
  await kit.kubectl(['delete', 'pdb', 'web']);
  await kit.until('moves Pods from the full Node to the others', async () => {
    const names = await nodesOf(kit);
    return names.length === 4 && new Set(names).size === 3;
  });
  await kit.until('tells it of the Pods', async () => {
    const { items } = await kit.get<{ items: { action: string }[] }>('events.events.k8s.io');
    return items.some(({ action }) => action === 'Descheduled');
  });
}

const pods = (kit: Kit) => kit.get<{ items: Found[] }>('pods', '-l', 'app=web');

/** Where the Pods that run are. */
async function nodesOf(kit: Kit): Promise<string[]> {
  const { items } = await pods(kit);
  return items.filter(({ status }) => status?.phase === 'Running').map(({ spec }) => String(spec?.nodeName));
}

/** Whether it was told that it may not evict a Pod, which it writes down as an Event. */
async function refusals(kit: Kit): Promise<boolean> {
  const { items } = await kit.get<{ items: { reason: string; note?: string }[] }>('events.events.k8s.io');
  return items.some(({ reason, note }) => reason === 'EvictionFailed' && note?.includes('disruption budget'));
}
