import { makeAuthority, makeServer } from '../../../src/local/pki/make.ts';
import type { Found, Kit } from '../kit.ts';
import type { Operator, Where } from '../operator.ts';

const namespace = 'kube-system';
const module = 'k8s.io/autoscaler/vertical-pod-autoscaler';
const workload = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'c',
            image: 'none',
            resources: { requests: { cpu: '1m', memory: '10Mi' } },
          },
        ],
      },
    },
  },
});
const autoscaler = (name: string, updateMode: string, more: object = {}) => ({
  apiVersion: 'autoscaling.k8s.io/v1',
  kind: 'VerticalPodAutoscaler',
  metadata: { name, namespace: 'default' },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    updatePolicy: { updateMode, ...more },
  },
});

/** Requests that follow what Pods use: metrics, eviction, Pods changed when they are made and while they run. */
export const vpa: Operator = {
  name: 'vpa',
  module,
  program: `${module}/pkg/recommender`,
  deployment: 'vpa-recommender',
  // What Pods use has to be measured.
  runtime: 'process',
  async manifests(folder, kit) {
    const text = await kit.kubectl(['kustomize', `${folder}/deploy`]);
    return `${text}\n---\n${JSON.stringify(await certificates())}`;
  },
  flags: (where) => [...common(where, 8942), '--recommender-interval=3s', '--leader-elect=true', '-v=1'],
  beside: [
    {
      program: `${module}/pkg/admission-controller`,
      deployment: 'vpa-admission-controller',
      needsItsFiles: true,
      flags: (where) => [
        ...common(where, 8944),
        `--port=${where.ports(8000)}`,
        ...[
          ['client-ca-file', 'caCert.pem'],
          ['tls-cert-file', 'serverCert.pem'],
          ['tls-private-key', 'serverKey.pem'],
        ].map(([flag, file]) => `--${flag}=${where.folder}/etc/tls-certs/${file}`),
      ],
    },
    {
      program: `${module}/pkg/updater`,
      deployment: 'vpa-updater',
      flags: (where) => [...common(where, 8943), '--updater-interval=3s'],
    },
  ],
  story,
};

const common = ({ ports, kubeconfig }: Where, port: number): string[] => [
  `--kubeconfig=${kubeconfig}`,
  `--address=127.0.0.1:${ports(port)}`,
];

/** The Secret that a script of the module's makes. */
async function certificates(): Promise<object> {
  const authority = await makeAuthority(Date.now());
  const { server } = await makeServer(authority, [`vpa-webhook.${namespace}.svc`], Date.now());
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'vpa-tls-certs', namespace },
    stringData: {
      'caCert.pem': authority.certificate,
      'serverCert.pem': server.certificate,
      'serverKey.pem': server.key,
    },
  };
}

async function story(kit: Kit): Promise<void> {
  await kit.leads(namespace, 'vpa-recommender-lease');
  await kit.until('registers its webhook', () =>
    kit.find('mutatingwebhookconfiguration', 'vpa-webhook-config'),
  );
  await kit.refused(
    'refuses a mode that is none',
    /Unsupported value: "Sometimes"/,
    autoscaler('moved', 'Sometimes'),
  );
  await kit.refused(
    'its webhook refuses what the schema cannot tell',
    /spec.updatePolicy.minReplicas: Invalid value: 0: minReplicas has to be positive/,
    autoscaler('moved', 'Recreate', { minReplicas: 0 }),
  );
  await kit.apply(workload('moved'), workload('resized'));
  await kit.until('Pods are ready', async () => {
    const { items } = await pods(kit, 'moved');
    return items.length === 2 && items.every(({ status }) => status?.phase === 'Running');
  });
  const before = await pods(kit, 'resized');
  await kit.apply(autoscaler('moved', 'Recreate'), autoscaler('resized', 'InPlaceOrRecreate'));
  await kit.until('recommends what Pods are to ask for, of what they use', async () => {
    const { status } = await kit.get('vpa', 'moved');
    return JSON.stringify(status?.recommendation ?? {}).includes('"target":{"cpu":"25m"');
  });
  await kit.until('evicts Pods, and changes those that take their places', () => allAsk(kit, 'moved', '25m'));
  await kit.until('changes Pods while they run', () => allAsk(kit, 'resized', '25m'));
  const names = ({ items }: { items: Found[] }) => items.map(({ metadata }) => metadata.name).sort();
  const after = await pods(kit, 'resized');
  if (names(before).join() !== names(after).join()) throw new Error('Pods were made anew, not resized');
  await kit.until('keeps what it has learnt', async () => {
    const { items } = await kit.get<{ items: Found[] }>('verticalpodautoscalercheckpoints');
    return items.some(({ spec }) => spec?.vpaObjectName === 'moved');
  });
}

const pods = (kit: Kit, app: string) => kit.get<{ items: Found[] }>('pods', '-l', `app=${app}`);

async function allAsk(kit: Kit, app: string, cpu: string): Promise<boolean> {
  const { items } = await pods(kit, app);
  const asks = ({ spec }: Found) =>
    (spec as { containers: { resources: { requests: { cpu: string } } }[] }).containers[0]!.resources
      .requests;
  return items.length === 2 && items.every((pod) => asks(pod).cpu === cpu);
}
