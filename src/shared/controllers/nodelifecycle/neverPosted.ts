import { formatTime } from '../../clock/clock.ts';
import type { Node, NodeCondition } from '../../kinds/schema/types.ts';

/** How long a kubelet has to tell of a new Node, as `--node-startup-grace-period` of kube-controller-manager. Milliseconds. */
const startupGraceMs = 60_000;

const types = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/**
 * A Node whose kubelet never said how it is: how long to wait for that (`waitMs`), or the conditions that say so. Undefined: it
 * did, or it is written down already.
 */
export function neverPosted(
  { metadata, status }: Node,
  now: number,
): { waitMs: number } | { conditions: NodeCondition[] } | undefined {
  const there = status?.conditions ?? [];
  if (there.some(({ type }) => type === 'Ready')) return undefined;
  const created = Date.parse(metadata.creationTimestamp ?? '');
  const waitMs = created + startupGraceMs - now;
  if (waitMs > 0) return { waitMs };
  const unknown = types
    .filter((type) => !there.some((condition) => condition.type === type))
    .map((type) => ({
      type,
      status: 'Unknown',
      lastHeartbeatTime: formatTime(created),
      lastTransitionTime: formatTime(now),
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
    }));
  return { conditions: [...there, ...unknown] };
}
