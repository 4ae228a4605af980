import type { Behaviour } from '../../../src/shared/fake/podLife.ts';
import type {
  CronJob,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  JobSpec,
  PodDisruptionBudget,
  PodSpec,
  Service,
  StatefulSet,
  StorageClass,
} from '../../../src/shared/kinds/schema/types.ts';
import { deploymentOf } from '../controllers/world.ts';
import { fileSystem } from './deployedCloud.ts';

const namespace = 'default';
const labelsOf = (app: string) => ({ app });

/** How the programs of these workloads behave. */
export const programs: Record<string, Behaviour> = {
  'work:quick': { exits: { code: 0, afterMs: 3_000 } },
  'work:slow': { exits: { code: 0, afterMs: 40_000 }, termMs: 5_000, onTerm: 143 },
  'work:bad': { exits: { code: 1, afterMs: 2_000 } },
  'db:1': { termMs: 4_000, onTerm: 0 },
  'db:2': { termMs: 4_000, onTerm: 0 },
};

const podSpec = (image: string, restartPolicy: 'Always' | 'OnFailure' | 'Never'): PodSpec => ({
  restartPolicy,
  terminationGracePeriodSeconds: 10,
  containers: [{ name: 'c', image }],
});

export type ConcurrencyPolicy = 'Allow' | 'Forbid' | 'Replace';
export type PodManagementPolicy = 'OrderedReady' | 'Parallel';

export const jobOf = (name: string, image: string, spec: Partial<JobSpec>): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace },
  spec: {
    backoffLimit: 100,
    ...spec,
    template: { metadata: { labels: labelsOf(name) }, spec: podSpec(image, 'Never') },
  },
});

/** Runs each minute. */
export const cronJobOf = (name: string, concurrencyPolicy: ConcurrencyPolicy): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace },
  spec: {
    schedule: '* * * * *',
    concurrencyPolicy,
    successfulJobsHistoryLimit: 2,
    failedJobsHistoryLimit: 1,
    jobTemplate: {
      spec: { backoffLimit: 100, template: { spec: podSpec('work:quick', 'OnFailure') } },
    },
  },
});

export const classOfVolumes: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'efs' },
  provisioner: 'efs.csi.aws.com',
  parameters: { provisioningMode: 'efs-ap', fileSystemId: fileSystem },
};

/** A folder of the volume, which is an access point of its own. */
export const mountOfData = { name: 'data', mountPath: '/data', subPath: 'db' };

/** With a claim of EFS for each Pod. `whenScaled`: whether the claims of Pods that are gone go too. */
export const statefulSetOf = (
  name: string,
  replicas: number,
  policy: PodManagementPolicy,
  whenScaled: 'Retain' | 'Delete',
): StatefulSet => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace },
  spec: {
    serviceName: name,
    replicas,
    podManagementPolicy: policy,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled },
    selector: { matchLabels: labelsOf(name) },
    template: {
      metadata: { labels: labelsOf(name) },
      spec: {
        ...podSpec('db:1', 'Always'),
        containers: [{ name: 'c', image: 'db:1', volumeMounts: [mountOfData] }],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          storageClassName: 'efs',
          accessModes: ['ReadWriteMany'],
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ],
  },
});

export const headlessOf = (name: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { clusterIP: 'None', selector: labelsOf(name), ports: [{ port: 5432, protocol: 'TCP' }] },
});

export const guarded = 'web';
/** What a budget keeps of the Deployment that people evict Pods of. */
export const leastAvailable = 2;
/** What an autoscaler without metrics still holds a Deployment to. */
export const mostReplicas = 4;

export const guardedDeployment: Deployment = deploymentOf(guarded, 3, 'app:0');

export const budget: PodDisruptionBudget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: guarded, namespace },
  spec: { minAvailable: leastAvailable, selector: { matchLabels: labelsOf(guarded) } },
};

export const autoscaler: HorizontalPodAutoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: guarded, namespace },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: guarded },
    minReplicas: leastAvailable + 1,
    maxReplicas: mostReplicas,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      },
    ],
  },
};
