/** Every kind that is served. To add one: its folder and its line here. */
import { mutatingWebhookConfiguration } from './admissionregistration.k8s.io/v1/mutatingwebhookconfiguration/index.ts';
import { validatingAdmissionPolicy } from './admissionregistration.k8s.io/v1/validatingadmissionpolicy/index.ts';
import { validatingAdmissionPolicyBinding } from './admissionregistration.k8s.io/v1/validatingadmissionpolicybinding/index.ts';
import { validatingWebhookConfiguration } from './admissionregistration.k8s.io/v1/validatingwebhookconfiguration/index.ts';
import { customResourceDefinition } from './apiextensions.k8s.io/v1/customresourcedefinition/index.ts';
import { apiService } from './apiregistration.k8s.io/v1/apiservice/index.ts';
import { controllerRevision } from './apps/v1/controllerrevision/index.ts';
import { daemonSet } from './apps/v1/daemonset/index.ts';
import { deployment } from './apps/v1/deployment/index.ts';
import { replicaSet } from './apps/v1/replicaset/index.ts';
import { statefulSet } from './apps/v1/statefulset/index.ts';
import { selfSubjectReview } from './authentication.k8s.io/v1/selfsubjectreview/index.ts';
import { tokenReview } from './authentication.k8s.io/v1/tokenreview/index.ts';
import { localSubjectAccessReview } from './authorization.k8s.io/v1/localsubjectaccessreview/index.ts';
import { selfSubjectAccessReview } from './authorization.k8s.io/v1/selfsubjectaccessreview/index.ts';
import { selfSubjectRulesReview } from './authorization.k8s.io/v1/selfsubjectrulesreview/index.ts';
import { subjectAccessReview } from './authorization.k8s.io/v1/subjectaccessreview/index.ts';
import { horizontalPodAutoscaler as olderAutoscaler } from './autoscaling/v1/horizontalpodautoscaler/index.ts';
import { horizontalPodAutoscaler } from './autoscaling/v2/horizontalpodautoscaler/index.ts';
import { cronJob } from './batch/v1/cronjob/index.ts';
import { job } from './batch/v1/job/index.ts';
import { certificateSigningRequest } from './certificates.k8s.io/v1/certificatesigningrequest/index.ts';
import { lease } from './coordination.k8s.io/v1/lease/index.ts';
import { binding } from './core/v1/binding/index.ts';
import { componentStatus } from './core/v1/componentstatus/index.ts';
import { configMap } from './core/v1/configmap/index.ts';
import { endpoints } from './core/v1/endpoints/index.ts';
import { event } from './core/v1/event/index.ts';
import { limitRange } from './core/v1/limitrange/index.ts';
import { namespace } from './core/v1/namespace/index.ts';
import { node } from './core/v1/node/index.ts';
import { persistentVolume } from './core/v1/persistentvolume/index.ts';
import { persistentVolumeClaim } from './core/v1/persistentvolumeclaim/index.ts';
import { pod } from './core/v1/pod/index.ts';
import { podTemplate } from './core/v1/podtemplate/index.ts';
import { replicationController } from './core/v1/replicationcontroller/index.ts';
import { resourceQuota } from './core/v1/resourcequota/index.ts';
import { secret } from './core/v1/secret/index.ts';
import { service } from './core/v1/service/index.ts';
import { serviceAccount } from './core/v1/serviceaccount/index.ts';
import { endpointSlice } from './discovery.k8s.io/v1/endpointslice/index.ts';
import { event as newerEvent } from './events.k8s.io/v1/event/index.ts';
import { flowSchema } from './flowcontrol.apiserver.k8s.io/v1/flowschema/index.ts';
import { priorityLevelConfiguration } from './flowcontrol.apiserver.k8s.io/v1/prioritylevelconfiguration/index.ts';
import type { Kind } from './kind.ts';
import { nodeMetrics } from './metrics.k8s.io/v1beta1/nodemetrics/index.ts';
import { podMetrics } from './metrics.k8s.io/v1beta1/podmetrics/index.ts';
import { ingress } from './networking.k8s.io/v1/ingress/index.ts';
import { ingressClass } from './networking.k8s.io/v1/ingressclass/index.ts';
import { ipAddress } from './networking.k8s.io/v1/ipaddress/index.ts';
import { networkPolicy } from './networking.k8s.io/v1/networkpolicy/index.ts';
import { serviceCIDR } from './networking.k8s.io/v1/servicecidr/index.ts';
import { runtimeClass } from './node.k8s.io/v1/runtimeclass/index.ts';
import { podDisruptionBudget } from './policy/v1/poddisruptionbudget/index.ts';
import { clusterRole } from './rbac.authorization.k8s.io/v1/clusterrole/index.ts';
import { clusterRoleBinding } from './rbac.authorization.k8s.io/v1/clusterrolebinding/index.ts';
import { role } from './rbac.authorization.k8s.io/v1/role/index.ts';
import { roleBinding } from './rbac.authorization.k8s.io/v1/rolebinding/index.ts';
import { deviceClass } from './resource.k8s.io/v1/deviceclass/index.ts';
import { resourceClaim } from './resource.k8s.io/v1/resourceclaim/index.ts';
import { resourceClaimTemplate } from './resource.k8s.io/v1/resourceclaimtemplate/index.ts';
import { resourceSlice } from './resource.k8s.io/v1/resourceslice/index.ts';
import { priorityClass } from './scheduling.k8s.io/v1/priorityclass/index.ts';
import { logicalCluster } from './shallop.dev/v1/logicalcluster/index.ts';
import { csiDriver } from './storage.k8s.io/v1/csidriver/index.ts';
import { csiNode } from './storage.k8s.io/v1/csinode/index.ts';
import { csiStorageCapacity } from './storage.k8s.io/v1/csistoragecapacity/index.ts';
import { storageClass } from './storage.k8s.io/v1/storageclass/index.ts';
import { volumeAttachment } from './storage.k8s.io/v1/volumeattachment/index.ts';
import { volumeAttributesClass } from './storage.k8s.io/v1/volumeattributesclass/index.ts';

const all = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  service,
  serviceAccount,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  customResourceDefinition,
  apiService,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  horizontalPodAutoscaler,
  olderAutoscaler,
  cronJob,
  job,
  ingressClass,
  ingress,
  ipAddress,
  certificateSigningRequest,
  networkPolicy,
  serviceCIDR,
  runtimeClass,
  podDisruptionBudget,
  priorityClass,
  lease,
  endpointSlice,
  newerEvent,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
  flowSchema,
  priorityLevelConfiguration,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
  nodeMetrics,
  podMetrics,
  logicalCluster,
];

/** For the machinery every object is plain JSON; only a kind's own functions know its type. */
export const kinds = all as unknown as Kind[];

const byAddress = new Map(kinds.map((k) => [`${k.group}/${k.version}/${k.plural}`, k]));

/** The kind served under that group (empty for core), version and plural name. */
export const findKind = (group: string, version: string, plural: string): Kind | undefined =>
  byAddress.get(`${group}/${version}/${plural}`);
