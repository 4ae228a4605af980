import type { Found, Kit } from '../kit.ts';
import { namespaced } from '../namespaced.ts';
import type { Operator } from '../operator.ts';

const namespace = 'argo-rollouts';
const module = 'github.com/argoproj/argo-rollouts';
const argo = (kind: string, name: string, spec: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});
const template = (app: string, image: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image, ports: [{ containerPort: 80 }] }] },
});
const rollout = (name: string, replicas: number, image: string, strategy: object) =>
  argo('Rollout', name, {
    replicas,
    selector: { matchLabels: { app: name } },
    template: template(name, image),
    strategy,
  });
const service = (name: string, app: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { selector: { app }, ports: [{ port: 80 }] },
});
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'web.example.com',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'stable', port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
};
const judged = argo('AnalysisTemplate', 'judged', {
  metrics: [
    {
      name: 'test',
      provider: {
        job: {
          spec: {
            backoffLimit: 0,
            template: {
              spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
            },
          },
        },
      },
    },
  ],
});
const canary = {
  canary: {
    canaryService: 'canary',
    stableService: 'stable',
    trafficRouting: { nginx: { stableIngress: 'web' } },
    steps: [
      { setWeight: 20 },
      { pause: {} },
      { analysis: { templates: [{ templateName: 'judged' }] } },
      { setWeight: 60 },
      { pause: { duration: '1s' } },
    ],
  },
};
const blueGreen = {
  blueGreen: {
    activeService: 'active',
    previewService: 'preview',
    autoPromotionEnabled: false,
    scaleDownDelaySeconds: 1,
  },
};

/** Versions that come step by step: ReplicaSets, selectors of Services, weights of Ingresses, Jobs that judge. */
export const argoRollouts: Operator = {
  name: 'argorollouts',
  module,
  program: `${module}/cmd/rollouts-controller`,
  async manifests(folder, kit) {
    const text = await kit.kubectl(['kustomize', `${folder}/manifests/cluster-install`]);
    return namespaced(text, namespace)
      .map((manifest) => JSON.stringify(manifest))
      .join('\n---\n');
  },
  env: { POD_NAMESPACE: namespace },
  flags: ({ ports, kubeconfig }) => [
    `--kubeconfig=${kubeconfig}`,
    `--metricsPort=${ports(8090)}`,
    `--healthzPort=${ports(8080)}`,
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.leads(namespace, 'argo-rollouts-controller-lock');
  await kit.apply(service('stable', 'web'), service('canary', 'web'), ingress, judged);
  await kit.apply(rollout('web', 5, 'nginx:1', canary));
  await kit.until('brings the first version', () => is(kit, 'web', 'Healthy'));
  const first = await hashOf(kit, 'nginx:1');
  await kit.apply(rollout('web', 5, 'nginx:2', canary));
  await kit.until('makes one Pod of the next version and waits', () => is(kit, 'web', 'Paused'));
  const second = await hashOf(kit, 'nginx:2');
  await led(kit, { stable: first, canary: second });
  await kit.until('and tells the Ingress to lead a fifth to it', () => weight(kit, '20'));
  await kit.kubectl([...patch('web'), '{"status":{"pauseConditions":null}}']);
  await kit.until('goes on after a Job that judges, to the end', () => is(kit, 'web', 'Healthy'));
  const { items } = await kit.get<{ items: Found[] }>('analysisruns');
  if (items.length !== 1 || items[0]!.status?.phase !== 'Successful') throw new Error('nothing was judged');
  await led(kit, { stable: second, canary: second });
  await kit.until('and back from the Ingress', () => weight(kit, '0'));

  await kit.apply(rollout('web', 5, 'nginx:3', canary));
  await kit.until('comes to the third version', () => is(kit, 'web', 'Paused'));
  await kit.kubectl([...patch('web'), '{"status":{"abort":true}}']);
  await kit.until('goes back when it is broken off', () => is(kit, 'web', 'Degraded'));
  await led(kit, { stable: second, canary: second });
  await kit.apply(rollout('web', 5, 'nginx:2', canary));
  await kit.until('and is well again with the one before', () => is(kit, 'web', 'Healthy'));
  await kit.kubectl(['scale', 'rollout', 'web', '--replicas=2']);
  await kit.until('scales', async () => (await kit.get('rollout', 'web')).status?.availableReplicas === 2);

  await kit.apply(service('active', 'site'), service('preview', 'site'));
  await kit.apply(rollout('site', 2, 'httpd:1', blueGreen));
  await kit.until('brings the first of two colours', () => is(kit, 'site', 'Healthy'));
  await kit.apply(rollout('site', 2, 'httpd:2', blueGreen));
  await kit.until('has the other one ready and waits', () => is(kit, 'site', 'Paused'));
  const [blue, green] = [await hashOf(kit, 'httpd:1'), await hashOf(kit, 'httpd:2')];
  await led(kit, { active: blue, preview: green });
  await kit.kubectl([...patch('site'), '{"status":{"pauseConditions":null}}']);
  await kit.until('leads to it', () => is(kit, 'site', 'Healthy'));
  await led(kit, { active: green, preview: green });
  await kit.until('and takes the first away', async () => {
    const { items } = await kit.get<{ items: Found[] }>('pods', '-l', `app=site,${hashLabel}=${blue}`);
    return items.length === 0;
  });
  await kit.kubectl(['delete', 'rollouts', '--all', '--cascade=foreground', '--timeout=60s']);
  await kit.gone('all of it goes with the Rollouts', 'replicasets,pods,analysisruns,jobs');
}

const hashLabel = 'rollouts-pod-template-hash';
const patch = (name: string) => ['patch', 'rollout', name, '--subresource=status', '--type=merge', '-p'];

/** Whether a Rollout says of what it was told last that it is so. */
async function is(kit: Kit, name: string, phase: string): Promise<boolean> {
  const { metadata, status } = await kit.get<Found & { metadata: { generation: number } }>('rollout', name);
  return status?.phase === phase && status.observedGeneration === `${metadata.generation}`;
}

/** What the ReplicaSet of an image is called by. */
async function hashOf(kit: Kit, image: string): Promise<string> {
  const { items } = await kit.get<{ items: Found[] }>('replicasets');
  const found = items.find(({ spec }) => JSON.stringify(spec).includes(`"image":"${image}"`));
  return found!.metadata.labels![hashLabel]!;
}

/** Waits until Services lead to the Pods of these ReplicaSets. */
async function led(kit: Kit, wanted: Record<string, string>): Promise<void> {
  for (const [name, hash] of Object.entries(wanted))
    await kit.until(`the Service ${name} leads there`, async () => {
      const { spec } = await kit.get<{ spec: { selector: Record<string, string> } }>('service', name);
      return spec.selector[hashLabel] === hash;
    });
}

async function weight(kit: Kit, wanted: string): Promise<boolean> {
  const { metadata } = await kit.get<{ metadata: { annotations: Record<string, string> } }>(
    'ingress',
    'web-web-canary',
  );
  return metadata.annotations['nginx.ingress.kubernetes.io/canary-weight'] === wanted;
}
