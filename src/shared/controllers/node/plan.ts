import { formatTime } from '../../clock/clock.ts';
import type { Node, NodeCondition, NodeStatus } from '../../kinds/schema/types.ts';
import type { RuntimeNode } from '../../ports/cloud.ts';

const facts = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Says that there is no machine behind a Node, on which something could run for all of its Pods. */
export const virtualLabel = 'shallop.dev/virtual';

/** Returns whether a Node is no machine: every Pod there has one of its own, and no daemon can serve it. */
export const isVirtual = ({ metadata }: Node): boolean => metadata.labels?.[virtualLabel] === 'true';

/** Marks Nodes that a runtime registered: when it offers them no more, they go. */
export const registered = 'shallop.dev/registered';

/** Nodes of a runtime that it does not offer any more. */
export const forsaken = (nodes: Node[], offered: RuntimeNode[]): Node[] =>
  nodes.filter(
    ({ metadata }) =>
      metadata.annotations?.[registered] === 'true' && !offered.some(({ name }) => name === metadata.name),
  );

/** The Node object that a runtime's node is registered with. */
export const nodeFor = ({ name, labels, taints, virtual }: RuntimeNode): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    ...(!virtual && { annotations: { [registered]: 'true' } }),
    labels: { 'kubernetes.io/hostname': name, ...(virtual && { [virtualLabel]: 'true' }), ...labels },
  },
  spec: { ...(taints && { taints }) },
});

/**
 * Status as kubelet posts it. Heartbeat times move only together with something else: the Lease is the heartbeat. Without a
 * port, what the status says of it stays.
 */
export function nodeStatus(
  node: RuntimeNode,
  current: NodeStatus | undefined,
  now: number,
  port?: number,
): NodeStatus {
  // Resources that somebody else advertises stay, as with kubelet.
  const capacity = { ...current?.capacity, ...node.capacity };
  return {
    ...current,
    capacity,
    allocatable: capacity,
    conditions: facts.map(([type, status, reason, message]): NodeCondition => {
      const old = current?.conditions?.find((c) => c.type === type);
      return {
        type,
        status,
        lastHeartbeatTime: old?.status === status ? (old.lastHeartbeatTime ?? '') : formatTime(now),
        lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? '') : formatTime(now),
        reason,
        message,
      };
    }),
    addresses: node.addresses,
    daemonEndpoints: {
      kubeletEndpoint: { Port: port ?? current?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0 },
    },
    nodeInfo: { ...current?.nodeInfo, ...node.nodeInfo } as unknown as NodeStatus['nodeInfo'] & object,
    ...(node.features && { features: node.features }),
  };
}
