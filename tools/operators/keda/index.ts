import { createServer } from 'node:http';
import { type Found, type Kit, says } from '../kit.ts';
import type { Operator, Where } from '../operator.ts';

const module = 'github.com/kedacore/keda/v2';
const namespace = 'keda';
const metrics = 'v1beta1.external.metrics.k8s.io';

/** What all three programs have in common. */
const usual = ({ folder }: Where) => [`--cert-dir=${folder}/certs`, '--zap-log-level=info'];
const addresses = ({ ports }: Where, health: number, port: number) => [
  `--metrics-bind-address=127.0.0.1:${ports(port)}`,
  `--health-probe-bind-address=127.0.0.1:${ports(health)}`,
];

const keda = (kind: string, name: string, spec: object) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});
const scaledObject = (name: string, deployment: string, trigger: object) =>
  keda('ScaledObject', name, {
    scaleTargetRef: { name: deployment },
    ...{ minReplicaCount: 0, maxReplicaCount: 5, pollingInterval: 1, cooldownPeriod: 1 },
    triggers: [trigger],
  });
const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    },
  },
});

/** Scaling by events: an HPA on external metrics of its own API server, which asks the operator by gRPC; Jobs. */
export const kedaOperator: Operator = {
  name: 'keda',
  module,
  program: `${module}/cmd/operator`,
  deployment: 'keda-operator',
  env: { KEDA_CLUSTER_OBJECT_NAMESPACE: namespace },
  manifests: (folder, kit) => kit.kubectl(['kustomize', `${folder}/config/default`]),
  flags: (where) => [
    ...usual(where),
    ...addresses(where, 8081, 8080),
    `--metrics-service-bind-address=127.0.0.1:${where.ports(9666)}`,
    '--leader-elect',
    '--enable-cert-rotation=true',
  ],
  beside: [
    {
      program: `${module}/cmd/adapter`,
      deployment: 'keda-metrics-apiserver',
      needsItsFiles: true,
      flags: (where) => [
        ...usual(where),
        `--secure-port=${where.ports(6443)}`,
        `--port=${where.ports(8082)}`,
        `--client-ca-file=${where.folder}/certs/ca.crt`,
        `--tls-cert-file=${where.folder}/certs/tls.crt`,
        `--tls-private-key-file=${where.folder}/certs/tls.key`,
        `--metrics-service-address=127.0.0.1:${where.ports(9666)}`,
        `--metrics-service-grpc-authority=keda-operator.${namespace}.svc`,
        ...['', 'authentication-', 'authorization-'].map(
          (what) => `--${what || 'lister-'}kubeconfig=${where.kubeconfig}`,
        ),
      ],
    },
    {
      program: `${module}/cmd/webhooks`,
      deployment: 'keda-admission',
      needsItsFiles: true,
      flags: (where) => [...usual(where), ...addresses(where, 8084, 8083), `--port=${where.ports(9443)}`],
    },
  ],
  async story(kit) {
    await kit.leads(namespace, 'operator.keda.sh');
    await kit.until('its metrics are available', async () =>
      says(await kit.get('apiservice', metrics), 'Available'),
    );
    await kit.apply(...['web', 'nightly'].map(deployment));
    const queue = await queueOf(0);
    try {
      await scales(kit, queue);
      await makesJobs(kit, queue);
    } finally {
      queue.close();
    }
  },
};

async function scales(kit: Kit, queue: Queue): Promise<void> {
  const trigger = {
    type: 'metrics-api',
    metadata: { url: queue.url, valueLocation: 'waiting', targetValue: '10' },
  };
  await kit.apply(scaledObject('web', 'web', trigger));
  await kit.until('makes an HPA', async () => kit.find('hpa', 'keda-hpa-web'));
  const replicas = (name: string, wanted: number) =>
    kit.until(`${wanted} replicas of ${name}`, async () => {
      const found = await kit.get<Found>('deployment', name);
      return found.spec?.replicas === wanted;
    });
  queue.waiting = 25;
  await replicas('web', 3);
  await kit.until('the HPA follows a metric of its server', async () => {
    const found = await kit.get('hpa', 'keda-hpa-web');
    return (
      says(found, 'ScalingActive') && JSON.stringify(found.status?.currentMetrics).includes('metric-api')
    );
  });
  queue.waiting = 0;
  await replicas('web', 0);
  await kit.refused(
    'refuses a second ScaledObject of the same Deployment',
    /admission webhook "vscaledobject.kb.io" denied the request: the workload 'web' of type 'apps\/v1.Deployment' is already managed by the ScaledObject 'web'/,
    scaledObject('again', 'web', trigger),
  );
  const all = { timezone: 'Etc/UTC', start: '0 0 1 1 *', end: '59 23 31 12 *', desiredReplicas: '2' };
  await kit.apply(scaledObject('nightly', 'nightly', { type: 'cron', metadata: all }));
  await replicas('nightly', 2);
  await kit.kubectl(['delete', 'scaledobjects', '--all', '--timeout=60s']);
  await kit.gone('HPAs go with their ScaledObjects', 'hpa');
}

async function makesJobs(kit: Kit, queue: Queue): Promise<void> {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } };
  queue.waiting = 3;
  await kit.apply(
    keda('ScaledJob', 'work', {
      jobTargetRef: { template },
      ...{ pollingInterval: 1, maxReplicaCount: 3 },
      triggers: [
        { type: 'metrics-api', metadata: { url: queue.url, valueLocation: 'waiting', targetValue: '1' } },
      ],
    }),
  );
  await kit.until('makes Jobs, which complete', async () => {
    const { items } = await kit.get<{ items: Found[] }>('jobs', '-l', 'scaledjob.keda.sh/name=work');
    return items.filter((job) => says(job, 'Complete')).length >= 3;
  });
  queue.waiting = 0;
  await kit.kubectl(['delete', 'scaledjob', 'work', '--timeout=60s']);
  await kit.gone('Jobs and Pods go with it', 'jobs,pods', '-l', 'scaledjob.keda.sh/name=work');
}

/** Something that says how much is waiting. */
interface Queue {
  waiting: number;
  readonly url: string;
  close(): void;
}

async function queueOf(waiting: number): Promise<Queue> {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ waiting: queue.waiting }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const queue: Queue = {
    waiting,
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return queue;
}
