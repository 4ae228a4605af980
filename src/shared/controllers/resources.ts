import { controllerRevision } from '../kinds/apps/v1/controllerrevision/index.ts';
import { daemonSet } from '../kinds/apps/v1/daemonset/index.ts';
import { deployment } from '../kinds/apps/v1/deployment/index.ts';
import { replicaSet } from '../kinds/apps/v1/replicaset/index.ts';
import { statefulSet } from '../kinds/apps/v1/statefulset/index.ts';
import { cronJob } from '../kinds/batch/v1/cronjob/index.ts';
import { job } from '../kinds/batch/v1/job/index.ts';
import { lease } from '../kinds/coordination.k8s.io/v1/lease/index.ts';
import { configMap } from '../kinds/core/v1/configmap/index.ts';
import { endpoints as endpointsKind } from '../kinds/core/v1/endpoints/index.ts';
import { event } from '../kinds/core/v1/event/index.ts';
import { namespace } from '../kinds/core/v1/namespace/index.ts';
import { node } from '../kinds/core/v1/node/index.ts';
import { persistentVolume } from '../kinds/core/v1/persistentvolume/index.ts';
import { persistentVolumeClaim } from '../kinds/core/v1/persistentvolumeclaim/index.ts';
import { pod } from '../kinds/core/v1/pod/index.ts';
import { replicationController } from '../kinds/core/v1/replicationcontroller/index.ts';
import { secret } from '../kinds/core/v1/secret/index.ts';
import { service } from '../kinds/core/v1/service/index.ts';
import { serviceAccount } from '../kinds/core/v1/serviceaccount/index.ts';
import { endpointSlice } from '../kinds/discovery.k8s.io/v1/endpointslice/index.ts';
import type { Kind, Resource } from '../kinds/kind.ts';
import { ingress } from '../kinds/networking.k8s.io/v1/ingress/index.ts';
import { ingressClass } from '../kinds/networking.k8s.io/v1/ingressclass/index.ts';
import { clusterRole } from '../kinds/rbac.authorization.k8s.io/v1/clusterrole/index.ts';
import { kinds } from '../kinds/registry.ts';
import type * as api from '../kinds/schema/types.ts';
import { logicalCluster } from '../kinds/shallop.dev/v1/logicalcluster/index.ts';
import { storageClass } from '../kinds/storage.k8s.io/v1/storageclass/index.ts';
import type { KubeObject } from '../meta/object.ts';

// Of a kind, controllers need only its address: what else it is, is the API's business.
export const namespaces: Resource<api.Namespace> = namespace;
export const nodes: Resource<api.Node> = node;
export const pods: Resource<api.Pod> = pod;
export const services: Resource<api.Service> = service;
export const endpoints: Resource<api.Endpoints> = endpointsKind;
export const configMaps: Resource<api.ConfigMap> = configMap;
export const secrets: Resource<api.Secret> = secret;
export const serviceAccounts: Resource<api.ServiceAccount> = serviceAccount;
export const events: Resource<api.Event> = event;
export const deployments: Resource<api.Deployment> = deployment;
export const replicaSets: Resource<api.ReplicaSet> = replicaSet;
export const replicationControllers: Resource<api.ReplicationController> = replicationController;
export const statefulSets: Resource<api.StatefulSet> = statefulSet;
export const daemonSets: Resource<api.DaemonSet> = daemonSet;
export const controllerRevisions: Resource<api.ControllerRevision> = controllerRevision;
export const cronJobs: Resource<api.CronJob> = cronJob;
export const jobs: Resource<api.Job> = job;
export const leases: Resource<api.Lease> = lease;
export const endpointSlices: Resource<api.EndpointSlice> = endpointSlice;
export const persistentVolumes: Resource<api.PersistentVolume> = persistentVolume;
export const persistentVolumeClaims: Resource<api.PersistentVolumeClaim> = persistentVolumeClaim;
export const storageClasses: Resource<api.StorageClass> = storageClass;
export const ingresses: Resource<api.Ingress> = ingress;
export const ingressClasses: Resource<api.IngressClass> = ingressClass;
export const clusterRoles: Resource<api.ClusterRole> = clusterRole;
/** Served only in the cluster `default`. */
export const logicalClusters = logicalCluster as unknown as Resource<KubeObject>;

/** Events are many, own nothing and expire by themselves. */
const isOwnable = (kind: Kind): boolean =>
  kind.namespaced && !kind.virtual && kind.kind !== 'Event' && kind.verbs.includes('delete');

/**
 * Kinds whose objects may own or be owned, and which a namespace takes with it when it goes. Workloads stand before the
 * core group: whoever empties a namespace removes those first that would make the others anew.
 */
export const ownable: Resource[] = [
  ...kinds.filter((kind) => isOwnable(kind) && kind.group !== ''),
  ...kinds.filter((kind) => isOwnable(kind) && kind.group === ''),
];
