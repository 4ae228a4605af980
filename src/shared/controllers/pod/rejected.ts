import { formatTime } from '../../clock/clock.ts';
import type { Pod, PodStatus } from '../../kinds/schema/types.ts';
import { qosClassOf } from '../../meta/qos.ts';
import type { Rejection } from './judge.ts';

/** Types of the conditions that kubelet owns: it says nothing of them of a Pod that it does not take. */
const kubelets = new Set([
  'PodScheduled',
  'Ready',
  'Initialized',
  'ContainersReady',
  'PodResizeInProgress',
  'PodResizePending',
  'PodReadyToStartContainers',
]);

/** Returns the status of a Pod that its node does not take. As kubelet, keeps what others have said of it. */
export function rejectedStatus(
  { metadata, spec, status }: Pod,
  rejection: Rejection,
  now: number,
): PodStatus {
  const { conditions, resourceClaimStatuses, extendedResourceClaimStatus } = status ?? {};
  const others = conditions?.filter(({ type }) => !kubelets.has(type));
  return {
    observedGeneration: metadata.generation ?? 0,
    phase: 'Failed',
    ...rejection,
    message: `Pod was rejected: ${rejection.message}`,
    ...(others?.length && { conditions: others }),
    startTime: status?.startTime ?? formatTime(now),
    qosClass: status?.qosClass ?? qosClassOf(spec!),
    ...(resourceClaimStatuses && { resourceClaimStatuses }),
    ...(extendedResourceClaimStatus && { extendedResourceClaimStatus }),
  };
}
