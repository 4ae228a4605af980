import type { ReplicaSet, ReplicationController } from '../../kinds/schema/types.ts';
import { replicasController } from '../replicaset/index.ts';
import { replicationControllers } from '../resources.ts';

/** Keeps Pods by the plan of ReplicaSet. The status has no count of terminating Pods, as in Kubernetes. */
export const replicationController = replicasController<ReplicationController>({
  name: 'replication-controller',
  resource: replicationControllers,
  view: asReplicaSet,
  withStatus: (rc, { terminatingReplicas: _, ...status }) => ({ ...rc, status }),
});

function asReplicaSet({ metadata, spec, status }: ReplicationController): ReplicaSet {
  const { selector, ...rest } = spec ?? {};
  return {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata,
    spec: { ...rest, selector: selector ? { matchLabels: selector } : {} },
    ...(status && { status }),
  };
}
