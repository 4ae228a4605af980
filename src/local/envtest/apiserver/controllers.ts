import type { Controller } from '../../../shared/controllers/controller.ts';
import { table } from '../../../shared/meta/table.ts';
import { OptionsError } from './config.ts';

/**
 * The controllers that may be asked for by SHALLOP_CONTROLLERS, each loaded when it is. What runs Pods, serves Services
 * or makes volumes is not among them: here nothing runs.
 */
export const offered: Record<string, () => Promise<Controller>> = table({
  certificates: async () => (await import('../../../shared/controllers/certificates/index.ts')).certificates,
  clusterexpiry: async () =>
    (await import('../../../shared/controllers/clusterexpiry/index.ts')).clusterExpiry,
  clusterroleaggregation: async () =>
    (await import('../../../shared/controllers/clusterroleaggregation/index.ts')).clusterRoleAggregation,
  cronjob: async () => (await import('../../../shared/controllers/cronjob/index.ts')).cronJob,
  daemonset: async () => (await import('../../../shared/controllers/daemonset/index.ts')).daemonSet,
  deployment: async () => (await import('../../../shared/controllers/deployment/index.ts')).deployment,
  disruption: async () => (await import('../../../shared/controllers/disruption/index.ts')).disruption,
  endpoints: async () => (await import('../../../shared/controllers/endpoints/index.ts')).endpoints,
  endpointslice: async () =>
    (await import('../../../shared/controllers/endpointslice/index.ts')).endpointSlice,
  endpointslicemirroring: async () =>
    (await import('../../../shared/controllers/endpointslicemirroring/index.ts')).endpointSliceMirroring,
  ephemeralvolume: async () =>
    (await import('../../../shared/controllers/ephemeralvolume/index.ts')).ephemeralVolume,
  garbage: async () => (await import('../../../shared/controllers/garbage/index.ts')).garbageCollector,
  horizontalpodautoscaler: async () =>
    (await import('../../../shared/controllers/horizontalpodautoscaler/index.ts')).horizontalPodAutoscaler,
  job: async () => (await import('../../../shared/controllers/job/index.ts')).job,
  namespace: async () => (await import('../../../shared/controllers/namespace/index.ts')).namespace,
  nodelifecycle: async () =>
    (await import('../../../shared/controllers/nodelifecycle/index.ts')).nodeLifecycle,
  podgarbage: async () => (await import('../../../shared/controllers/podgarbage/index.ts')).podGarbage,
  replicaset: async () => (await import('../../../shared/controllers/replicaset/index.ts')).replicaSet,
  replicationcontroller: async () =>
    (await import('../../../shared/controllers/replicationcontroller/index.ts')).replicationController,
  resourcequota: async () =>
    (await import('../../../shared/controllers/resourcequota/index.ts')).resourceQuota,
  servicecidr: async () => (await import('../../controllers/servicecidr/index.ts')).serviceCidr,
  serviceaccount: async () =>
    (await import('../../../shared/controllers/serviceaccount/index.ts')).serviceAccount,
  serviceaccounttoken: async () =>
    (await import('../../../shared/controllers/serviceaccounttoken/index.ts')).serviceAccountToken,
  statefulset: async () => (await import('../../../shared/controllers/statefulset/index.ts')).statefulSet,
  tainteviction: async () =>
    (await import('../../../shared/controllers/tainteviction/index.ts')).taintEviction,
  ttlafterfinished: async () =>
    (await import('../../../shared/controllers/ttlafterfinished/index.ts')).ttlAfterFinished,
  validatingadmissionpolicystatus: async () =>
    (await import('../../../shared/controllers/validatingadmissionpolicystatus/index.ts'))
      .validatingAdmissionPolicyStatus,
  volumeattributesclassprotection: async () =>
    (await import('../../../shared/controllers/volumeattributesclassprotection/index.ts'))
      .volumeAttributesClassProtection,
});

/**
 * Returns what a real API server does by itself: its namespaces and Service, definitions that end, Events that expire,
 * the state of flow schemas and APIServices, and objects for addresses.
 */
const own = async (): Promise<Controller[]> => {
  const [
    { logicalCluster },
    { customResourceDefinition },
    { eventExpiry },
    { flowSchemaStatus },
    { apiService },
    { ipAddress },
  ] = await Promise.all([
    import('../../../shared/controllers/logicalcluster/index.ts'),
    import('../../../shared/controllers/customresourcedefinition/index.ts'),
    import('../../../shared/controllers/eventexpiry/index.ts'),
    import('../../../shared/controllers/flowschemastatus/index.ts'),
    import('../../../shared/controllers/apiservice/index.ts'),
    import('../../controllers/ipaddress/index.ts'),
  ]);
  return [logicalCluster, customResourceDefinition, eventExpiry, flowSchemaStatus, apiService, ipAddress];
};

/** `asked`: names with commas between them. @throws OptionsError for a name that there is not */
export async function chosenControllers(asked = ''): Promise<Controller[]> {
  const names = asked.split(',').flatMap((name) => name.trim() || []);
  const unknown = names.filter((name) => !Object.hasOwn(offered, name));
  if (unknown.length)
    throw new OptionsError(
      `SHALLOP_CONTROLLERS: no controller ${unknown.map((name) => JSON.stringify(name)).join(', ')}; there are ${Object.keys(offered).join(', ')}`,
    );
  const chosen = await Promise.all([...new Set(names)].map((name) => offered[name]!()));
  return [...(await own()), ...chosen];
}
