/** In which order clients prefer groups and versions, as a real server registers its own. */
import { table } from '../../../meta/table.ts';
import type { APIService } from '../../schema/types.ts';

/** By group: its priority, and those of its versions. */
const known: Record<string, [group: number, versions: Record<string, number>]> = table({
  '': [18000, { v1: 1 }],
  apps: [17800, { v1: 15 }],
  'events.k8s.io': [17750, { v1: 15 }],
  'authentication.k8s.io': [17700, { v1: 15 }],
  'authorization.k8s.io': [17600, { v1: 15 }],
  autoscaling: [17500, { v1: 15, v2: 30 }],
  batch: [17400, { v1: 15 }],
  'certificates.k8s.io': [17300, { v1: 15 }],
  'networking.k8s.io': [17200, { v1: 15 }],
  policy: [17100, { v1: 15 }],
  'rbac.authorization.k8s.io': [17000, { v1: 15 }],
  'storage.k8s.io': [16800, { v1: 15 }],
  'apiextensions.k8s.io': [16700, { v1: 15 }],
  'admissionregistration.k8s.io': [16700, { v1: 15 }],
  'scheduling.k8s.io': [16600, { v1: 15 }],
  'coordination.k8s.io': [16500, { v1: 15 }],
  'node.k8s.io': [16300, { v1: 15 }],
  'discovery.k8s.io': [16200, { v1: 15 }],
  'resource.k8s.io': [16200, { v1: 21 }],
  'flowcontrol.apiserver.k8s.io': [16100, { v1: 21 }],
});
const ofDefinitions = { group: 1000, version: 100 };

/** The label of APIServices that this server makes itself. */
export const automanaged = 'kube-aggregator.kubernetes.io/automanaged';

/** The APIService of a version that this server serves itself: from its start on, or as long as a definition does. */
export function localApiService(group: string, version: string, since: 'onstart' | 'true'): APIService {
  const [groupPriorityMinimum, versions] = known[group] ?? [ofDefinitions.group, {}];
  const versionPriority = new Map(Object.entries(versions)).get(version) ?? ofDefinitions.version;
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}`, labels: { [automanaged]: since } },
    spec: { ...(group && { group }), version, groupPriorityMinimum, versionPriority },
  };
}
