import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloaded } from '../build.ts';
import { charted } from '../charted.ts';
import { type Found, type Kit, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const namespace = 'kube-system';
const module = 'sigs.k8s.io/karpenter';
const kwok = 'sigs.k8s.io/kwok';
const nodeClass = {
  apiVersion: 'karpenter.kwok.sh/v1alpha1',
  kind: 'KWOKNodeClass',
  metadata: { name: 'any' },
};
const pool = (budgets: object[], labels: object = {}) => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'pool' },
  spec: {
    template: {
      metadata: { labels },
      spec: {
        requirements: [
          { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
          { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
          { key: 'karpenter.kwok.sh/instance-cpu', operator: 'In', values: ['2', '4'] },
        ],
        nodeClassRef: { group: 'karpenter.kwok.sh', kind: 'KWOKNodeClass', name: 'any' },
      },
    },
    limits: { cpu: 40 },
    disruption: { consolidationPolicy: 'WhenEmptyOrUnderutilized', consolidateAfter: '1s', budgets },
  },
});
const freely = [{ nodes: '100%' }];
const workload = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
        containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '1' } } }],
      },
    },
  },
});
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
};

/** Nodes that come for Pods and go without them. They and their Pods are records of KWOK, as Karpenter's own clusters are. */
export const karpenter: Operator = {
  name: 'karpenter',
  module,
  program: `${module}/kwok`,
  async manifests(folder, kit) {
    const files = await downloaded(`${kwok}@v0.7.0`);
    return [
      await charted(join(folder, 'kwok/charts'), namespace, 'settings.featureGates.staticCapacity=false'),
      await readFile(join(folder, 'kwok/apis/crds/karpenter.kwok.sh_kwoknodeclasses.yaml'), 'utf8'),
      await kit.kubectl(['kustomize', join(files, 'kustomize/kwok')]),
    ].join('\n---\n');
  },
  flags: ({ ports }) => [
    `--metrics-port=${ports(8080)}`,
    `--health-probe-port=${ports(8081)}`,
    `--leader-election-namespace=${namespace}`,
  ],
  beside: [
    {
      program: `${kwok}/cmd/kwok`,
      home: 'kwok',
      deployment: 'kwok-controller',
      flags: ({ ports, kubeconfig }) => [
        `--kubeconfig=${kubeconfig}`,
        '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
        '--node-ip=127.0.0.1',
        `--node-port=${ports(10247)}`,
        `--server-address=127.0.0.1:${ports(10247)}`,
      ],
    },
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.leads(namespace, 'karpenter-leader-election');
  await kit.kubectl(['taint', 'nodes', '--all', 'CriticalAddonsOnly=true:NoSchedule']);
  const half = pool([{ nodes: '1', schedule: '@daily' }]);
  await kit.refused('half a budget is refused', /'schedule' must be set with 'duration'/, half);
  await kit.apply(nodeClass, pool(freely), budget);
  await kit.until('has a pool, whose class is ready by default', async () =>
    says(await kit.get('nodepool', 'pool'), 'Ready'),
  );
  await kit.apply(workload(3));
  await kit.until('Pods run on Nodes that came for them', async () => (await nodesOfPods(kit)).size === 3);
  const zones = new Set((await theirNodes(kit)).map(({ metadata }) => metadata.labels?.[zone]));
  if (zones.size !== 3) throw new Error(`they are in ${[...zones].join()}`);
  await kit.until('which are registered and initialised', async () => {
    const { items } = await kit.get<{ items: Found[] }>('nodeclaims');
    return items.length === 3 && items.every((claim) => says(claim, 'Ready') && says(claim, 'Initialized'));
  });
  await kit.until('and counted', async () => {
    const { status } = await kit.get('nodepool', 'pool');
    return (status?.resources as { nodes?: string } | undefined)?.nodes === '3';
  });

  const [first] = await theirNodes(kit);
  const doomed = first!.metadata.name;
  await kit.kubectl(['delete', 'node', doomed, '--timeout=60s']);
  await kit.until('drains a Node that somebody deletes, and brings another for its Pods', async () => {
    const nodes = await nodesOfPods(kit);
    return nodes.size === 3 && !nodes.has(doomed);
  });
  const before = await nodesOfPods(kit);
  await kit.apply(pool(freely, { generation: 'second' }));
  await kit.until('replaces Nodes that are no longer as the pool asks', async () => {
    const nodes = await nodesOfPods(kit);
    return nodes.size === 3 && [...nodes].every((name) => !before.has(name));
  });
  await kit.apply(workload(1));
  await kit.until('removes Nodes without Pods', async () => (await theirNodes(kit)).length === 1);
  await kit.kubectl(['delete', 'nodepool', 'pool', '--timeout=60s']);
  await kit.gone('all of it goes with the pool', 'nodeclaims');
  if ((await theirNodes(kit)).length > 0) throw new Error('Nodes stayed');
  await kit.until('and the Pod waits', async () => {
    const { items } = await kit.get<{ items: Found[] }>('pods', '-l', 'app=web');
    return items.length === 1 && items[0]!.status?.phase === 'Pending';
  });
}

const zone = 'topology.kubernetes.io/zone';

async function theirNodes(kit: Kit): Promise<Found[]> {
  return (await kit.get<{ items: Found[] }>('nodes', '-l', 'karpenter.sh/nodepool')).items;
}

/** Where the running Pods of the workload are. */
async function nodesOfPods(kit: Kit): Promise<Set<unknown>> {
  const { items } = await kit.get<{ items: Found[] }>('pods', '-l', 'app=web');
  return new Set(items.filter(({ status }) => status?.phase === 'Running').map(({ spec }) => spec?.nodeName));
}
