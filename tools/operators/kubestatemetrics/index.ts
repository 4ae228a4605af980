import type { Kit } from '../kit.ts';
import { Series } from '../metrics.ts';
import type { Operator, Ports } from '../operator.ts';

/** A family of which each object has one series, and what kubectl calls its objects. */
const counted: Record<string, string> = {
  kube_certificatesigningrequest_created: 'certificatesigningrequests',
  kube_configmap_info: 'configmaps',
  kube_cronjob_info: 'cronjobs',
  kube_daemonset_created: 'daemonsets',
  kube_deployment_created: 'deployments',
  kube_endpointslice_info: 'endpointslices',
  kube_horizontalpodautoscaler_info: 'horizontalpodautoscalers',
  kube_ingress_info: 'ingresses',
  kube_job_info: 'jobs',
  kube_lease_renew_time: 'leases',
  kube_limitrange_created: 'limitranges',
  kube_mutatingwebhookconfiguration_info: 'mutatingwebhookconfigurations',
  kube_namespace_created: 'namespaces',
  kube_networkpolicy_created: 'networkpolicies',
  kube_node_info: 'nodes',
  kube_persistentvolume_info: 'persistentvolumes',
  kube_persistentvolumeclaim_info: 'persistentvolumeclaims',
  kube_pod_info: 'pods',
  kube_poddisruptionbudget_created: 'poddisruptionbudgets',
  kube_replicaset_created: 'replicasets',
  kube_resourcequota_created: 'resourcequotas',
  kube_secret_info: 'secrets',
  kube_service_info: 'services',
  kube_statefulset_created: 'statefulsets',
  kube_storageclass_info: 'storageclasses',
  kube_validatingwebhookconfiguration_info: 'validatingwebhookconfigurations',
};

const pods = (app: string) => ({
  selector: { matchLabels: { app } },
  template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image: 'none' }] } },
});
const object = (apiVersion: string, kind: string, name: string, more: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  ...more,
});
const jobSpec = {
  template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'none' }] } },
};
/** One of as many kinds as there are families. */
const objects = [
  object('apps/v1', 'Deployment', 'web', { spec: { replicas: 3, ...pods('web') } }),
  object('apps/v1', 'StatefulSet', 'db', { spec: { replicas: 2, serviceName: 'web', ...pods('db') } }),
  object('apps/v1', 'DaemonSet', 'agent', { spec: pods('agent') }),
  object('v1', 'Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }),
  object('v1', 'ConfigMap', 'settings', { data: { a: 'b' } }),
  object('v1', 'Secret', 'password', { stringData: { a: 'b' } }),
  object('v1', 'PersistentVolumeClaim', 'disk', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  }),
  object('v1', 'ResourceQuota', 'few', { spec: { hard: { pods: '40' } } }),
  object('v1', 'LimitRange', 'small', {
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '10m' } }] },
  }),
  object('batch/v1', 'Job', 'once', { spec: jobSpec }),
  object('batch/v1', 'CronJob', 'yearly', {
    spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: jobSpec } },
  }),
  object('policy/v1', 'PodDisruptionBudget', 'web', { spec: { minAvailable: 1, ...selects('web') } }),
  object('networking.k8s.io/v1', 'Ingress', 'web', {
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'none', { spec: { podSelector: {} } }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'db', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' }, maxReplicas: 3 },
  }),
];

function selects(app: string) {
  return { selector: { matchLabels: { app } } };
}

/** What there is, in figures: it lists and watches 30 resources and writes nothing. */
export const kubeStateMetrics: Operator = {
  name: 'kubestatemetrics',
  module: 'k8s.io/kube-state-metrics/v2',
  program: 'k8s.io/kube-state-metrics/v2',
  manifests: (folder, kit) => kit.kubectl(['kustomize', `${folder}/examples/standard`]),
  flags: ({ ports, kubeconfig }) => [
    `--kubeconfig=${kubeconfig}`,
    '--host=127.0.0.1',
    `--port=${ports(8080)}`,
    '--telemetry-host=127.0.0.1',
    `--telemetry-port=${ports(8081)}`,
  ],
  story,
};

async function story(kit: Kit, ports: Ports): Promise<void> {
  const series = () => Series.of(ports(8080));
  const shows = (what: string, value: number | undefined, family: string, ...labels: string[]) =>
    kit.until(what, async () => (await series()).sum(family, ...labels) === value);
  const ready = ['kube_deployment_status_replicas_ready', 'namespace="default"', 'deployment="web"'] as const;
  await kit.apply(...objects);
  await shows('counts the Pods of a Deployment', 3, ...ready);
  await shows('knows the phase of Pods', 1, 'kube_pod_status_phase', 'pod="db-1"', 'phase="Running"');
  await shows('knows that a Job is complete', 1, 'kube_job_complete', 'condition="true"');
  await shows('knows what a quota allows', 40, 'kube_resourcequota', 'resource="pods"', 'type="hard"');
  await kit.until('has a series of each object', async () => {
    const found = await series();
    for (const [family, resource] of Object.entries(counted)) {
      const names = (await kit.kubectl(['get', resource, '-A', '-o', 'name'])).split('\n').filter(Boolean);
      const told = found.count(family);
      if (told !== names.length)
        throw new Error(`${family} has ${told} series of ${names.length} ${resource}`);
    }
    return true;
  });
  await kit.kubectl(['scale', 'deployment', 'web', '--replicas=1']);
  await shows('follows a change', 1, ...ready);
  await kit.kubectl(['delete', 'deployment', 'web']);
  await shows('forgets what is gone', undefined, ...ready);
}
