/** The defaults of every kind beyond those that the schema facts state. One line a kind that has some. */
import { admissionRegistrationDefaults } from './admissionregistration.k8s.io/v1/defaults.ts';
import { customResourceDefinitionDefaults } from './apiextensions.k8s.io/v1/customresourcedefinition/defaults.ts';
import { apiServiceDefaults } from './apiregistration.k8s.io/v1/apiservice/defaults.ts';
import { appsDefaults } from './apps/v1/defaults.ts';
import { autoscalingDefaults } from './autoscaling/defaults.ts';
import { batchDefaults } from './batch/v1/defaults.ts';
import { leaseDefaults } from './coordination.k8s.io/v1/lease/defaults.ts';
import { endpointsDefaults } from './core/v1/endpoints/defaults.ts';
import { limitRangeDefaults } from './core/v1/limitrange/defaults.ts';
import { namespaceDefaults } from './core/v1/namespace/defaults.ts';
import { nodeDefaults } from './core/v1/node/defaults.ts';
import { persistentVolumeDefaults } from './core/v1/persistentvolume/defaults.ts';
import { claimDefaults } from './core/v1/persistentvolumeclaim/defaults.ts';
import { containerDefaults } from './core/v1/pod/defaults/containers.ts';
import { podDefaults } from './core/v1/pod/defaults/index.ts';
import { volumeDefaults } from './core/v1/pod/defaults/volumes.ts';
import { replicationControllerDefaults } from './core/v1/replicationcontroller/defaults.ts';
import { resourceQuotaDefaults } from './core/v1/resourcequota/defaults.ts';
import { secretDefaults } from './core/v1/secret/defaults.ts';
import { serviceDefaults } from './core/v1/service/defaults.ts';
import { endpointSliceDefaults } from './discovery.k8s.io/v1/endpointslice/defaults.ts';
import { flowControlDefaults } from './flowcontrol.apiserver.k8s.io/v1/defaults.ts';
import { ingressClassDefaults } from './networking.k8s.io/v1/ingressclass/defaults.ts';
import { networkPolicyDefaults } from './networking.k8s.io/v1/networkpolicy/defaults.ts';
import { rbacDefaults } from './rbac.authorization.k8s.io/v1/defaults.ts';
import { resourceDefaults } from './resource.k8s.io/v1/defaults.ts';
import { priorityClassDefaults } from './scheduling.k8s.io/v1/priorityclass/defaults.ts';
import type { Rules } from './schema/defaultRules.ts';
import { csiDriverDefaults } from './storage.k8s.io/v1/csidriver/defaults.ts';
import { storageClassDefaults } from './storage.k8s.io/v1/storageclass/defaults.ts';

/** Maps names of types to what Kubernetes fills in for them, collected from the folders of the kinds. */
export const defaultRules: Rules = {
  ...admissionRegistrationDefaults,
  ...customResourceDefinitionDefaults,
  ...apiServiceDefaults,
  ...appsDefaults,
  ...autoscalingDefaults,
  ...batchDefaults,
  ...leaseDefaults,
  ...endpointsDefaults,
  ...limitRangeDefaults,
  ...namespaceDefaults,
  ...nodeDefaults,
  ...persistentVolumeDefaults,
  ...claimDefaults,
  ...containerDefaults,
  ...podDefaults,
  ...volumeDefaults,
  ...replicationControllerDefaults,
  ...resourceQuotaDefaults,
  ...secretDefaults,
  ...serviceDefaults,
  ...endpointSliceDefaults,
  ...ingressClassDefaults,
  ...networkPolicyDefaults,
  ...priorityClassDefaults,
  ...rbacDefaults,
  ...storageClassDefaults,
  ...csiDriverDefaults,
  ...flowControlDefaults,
  ...resourceDefaults,
};
