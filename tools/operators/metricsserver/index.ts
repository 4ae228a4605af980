import { get } from 'node:https';
import { type Found, type Kit, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const registered = 'v1beta1.metrics.k8s.io';

/** metrics-server tells nothing of a container that has used no time at all. */
const busy = ['sh', '-c', 'i=0; while :; do i=$((i+1)); [ $((i % 20000)) = 0 ] && sleep 0.2; done'];
const workload = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'none', command: busy }] },
    },
  },
};
const account = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'default' },
});
const rbac = (kind: string, more: object) => ({
  ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: 'scrapes' } },
  ...more,
});
const scrapes = [
  rbac('ClusterRole', { rules: [{ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }] }),
  rbac('ClusterRoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'scrapes' },
    subjects: [{ kind: 'ServiceAccount', name: 'scraper', namespace: 'default' }],
  }),
];

/** What Nodes and Pods use: it asks each Node at its own port, and is asked by an APIService. */
export const metricsServer: Operator = {
  name: 'metricsserver',
  module: 'sigs.k8s.io/metrics-server',
  program: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
  // What Pods use has to be measured.
  runtime: 'process',
  manifests: (folder, kit) => kit.kubectl(['kustomize', `${folder}/manifests/base`]),
  flags: ({ ports, kubeconfig, folder }) => [
    // Those of its manifest, and that of its documentation for kubelets without certificates that it knows.
    `--cert-dir=${folder}/certificates`,
    `--secure-port=${ports(443)}`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    '--kubelet-use-node-status-port',
    '--metric-resolution=15s',
    '--kubelet-insecure-tls',
    ...['', 'authentication-', 'authorization-'].map((what) => `--${what}kubeconfig=${kubeconfig}`),
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.apply(workload, account('scraper'), account('stranger'), ...scrapes);
  await kit.until('is available', async () => says(await kit.get('apiservice', registered), 'Available'));
  // This server itself would measure over some five seconds, when it is asked as often.
  await kit.until('answers instead of this server, of the time between its own scrapes', async () => {
    const told = await kit.kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/nodes']);
    const [first] = (JSON.parse(told) as { items: { window: string }[] }).items;
    return Number.parseFloat(first?.window ?? '') >= 10;
  });
  const { items } = await kit.get<{ items: Found[] }>('nodes');
  const node = items[0]!;
  const { name } = node.metadata;
  await kit.until('`kubectl top` tells what Nodes use', async () =>
    new RegExp(`^${name} +\\d+m +\\d+% +\\d+Mi +\\d+%`, 'm').test(await kit.kubectl(['top', 'nodes'])),
  );
  await kit.until('… and what Pods use', async () => {
    const rows = (await kit.kubectl(['top', 'pods', '--no-headers', '-l', 'app=web'])).trim().split('\n');
    return rows.length === 2 && rows.every((row) => /^web-\S+ +\d+m +\d+Mi/.test(row));
  });
  await kit.until('Nodes are scraped by who may, and by nobody else', async () => {
    const answers = [await scraped(node, await tokenOf(kit, 'scraper'))];
    answers.push(await scraped(node, await tokenOf(kit, 'stranger')), await scraped(node));
    return answers.join() === '200,403,401';
  });
  await kit.kubectl(['delete', 'apiservice', registered]);
  await kit.until('without it this server answers again', async () =>
    (await kit.kubectl(['top', 'nodes'])).includes(name),
  );
}

const tokenOf = async (kit: Kit, name: string): Promise<string> =>
  (await kit.kubectl(['create', 'token', name, '-n', 'default'])).trim();

/** How a Node answers who asks for its figures as Prometheus does. */
function scraped(node: Found, token?: string): Promise<number | undefined> {
  const { addresses, daemonEndpoints } = node.status as {
    addresses: { type: string; address: string }[];
    daemonEndpoints: { kubeletEndpoint: { Port: number } };
  };
  const host = addresses.find(({ type }) => type === 'InternalIP')?.address;
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const { Port: port } = daemonEndpoints.kubeletEndpoint;
  return new Promise((resolve, reject) => {
    get({ host, port, path: '/metrics/resource', headers, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once('error', reject);
  });
}
