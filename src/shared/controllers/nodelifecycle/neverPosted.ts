import { formatTime } from '../../clock/clock.ts';
import type { Lease, Node, NodeCondition } from '../../kinds/schema/types.ts';

/**
 * Is how long a kubelet has to tell of a new Node, and then may be silent while it tells nothing of it, as
 * `--node-startup-grace-period` of kube-controller-manager. Milliseconds.
 */
const startupGraceMs = 60_000;

const types = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Returns whether somebody has said how a Node is: its kubelet, or whoever waited for it in vain. */
export const isPosted = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type }) => type === 'Ready') ?? false;

/**
 * Returns what is to do about a Node whose kubelet never said how it is: to wait (`waitMs`), or to write conditions that say
 * so. A kubelet that renews the Lease of its Node lives, although it says no more.
 */
export function neverPosted(
  { metadata, status }: Node,
  lease: Lease | undefined,
  now: number,
): { waitMs: number } | { conditions: NodeCondition[] } {
  const there = status?.conditions ?? [];
  const created = Date.parse(metadata.creationTimestamp ?? '');
  const waitMs = Math.max(created, heartbeatOf(lease, now)) + startupGraceMs - now;
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

/** The clock of the kubelet's machine may be ahead: it has not lived longer than until now. */
function heartbeatOf(lease: Lease | undefined, now: number): number {
  const renewed = Date.parse(lease?.spec?.renewTime ?? '');
  return Number.isNaN(renewed) ? 0 : Math.min(renewed, now);
}
