import { apiService } from './apiservice/index.ts';
import { certificates } from './certificates/index.ts';
import { clusterExpiry } from './clusterexpiry/index.ts';
import { clusterRoleAggregation } from './clusterroleaggregation/index.ts';
import type { Controller } from './controller.ts';
import { cronJob } from './cronjob/index.ts';
import { customResourceDefinition } from './customresourcedefinition/index.ts';
import { daemonSet } from './daemonset/index.ts';
import { deployment } from './deployment/index.ts';
import { disruption } from './disruption/index.ts';
import { endpoints } from './endpoints/index.ts';
import { endpointSlice } from './endpointslice/index.ts';
import { endpointSliceMirroring } from './endpointslicemirroring/index.ts';
import { ephemeralVolume } from './ephemeralvolume/index.ts';
import { eventExpiry } from './eventexpiry/index.ts';
import { flowSchemaStatus } from './flowschemastatus/index.ts';
import { garbageCollector } from './garbage/index.ts';
import { horizontalPodAutoscaler } from './horizontalpodautoscaler/index.ts';
import { job } from './job/index.ts';
import { logicalCluster } from './logicalcluster/index.ts';
import { clusterPods, clusterSecrets } from './logicalcluster/release.ts';
import { namespace } from './namespace/index.ts';
import { networkPolicyNotice } from './networkpolicy/index.ts';
import { node } from './node/index.ts';
import { nodeLifecycle } from './nodelifecycle/index.ts';
import { persistentVolume } from './persistentvolume/index.ts';
import { pod } from './pod/index.ts';
import { podGarbage } from './podgarbage/index.ts';
import { replicaSet } from './replicaset/index.ts';
import { replicationController } from './replicationcontroller/index.ts';
import { resourceQuota } from './resourcequota/index.ts';
import { scheduler } from './scheduler/index.ts';
import { secretProjection } from './secretprojection/index.ts';
import { serviceAccount } from './serviceaccount/index.ts';
import { serviceAccountToken } from './serviceaccounttoken/index.ts';
import { servicesControllers } from './services.ts';
import { statefulSet } from './statefulset/index.ts';
import { taintEviction } from './tainteviction/index.ts';
import { tokenProjection } from './tokenprojection/index.ts';
import { ttlAfterFinished } from './ttlafterfinished/index.ts';
import { validatingAdmissionPolicyStatus } from './validatingadmissionpolicystatus/index.ts';
import { volumeAttributesClassProtection } from './volumeattributesclassprotection/index.ts';

/** The controllers of every plane, one line each. */
export const controllers: Controller[] = [
  logicalCluster,
  clusterPods,
  clusterSecrets,
  clusterExpiry,
  customResourceDefinition,
  namespace,
  serviceAccount,
  serviceAccountToken,
  clusterRoleAggregation,
  certificates,
  node,
  nodeLifecycle,
  networkPolicyNotice,
  taintEviction,
  resourceQuota,
  deployment,
  disruption,
  replicaSet,
  replicationController,
  statefulSet,
  daemonSet,
  horizontalPodAutoscaler,
  cronJob,
  job,
  ttlAfterFinished,
  scheduler,
  persistentVolume,
  ephemeralVolume,
  pod,
  podGarbage,
  endpoints,
  endpointSlice,
  endpointSliceMirroring,
  ...servicesControllers,
  secretProjection,
  tokenProjection,
  validatingAdmissionPolicyStatus,
  flowSchemaStatus,
  apiService,
  volumeAttributesClassProtection,
  garbageCollector,
  eventExpiry,
];
