import type { Node, Pod } from '../../kinds/schema/types.ts';
import { conditionOf, isTerminal } from '../common/pods.ts';
import { tolerates } from '../common/tolerations.ts';
import { selectsNode } from '../scheduler/plugins/nodeAffinity.ts';
import { collide, hostPorts } from '../scheduler/plugins/nodePorts.ts';
import { type Amounts, addTo, allocatable, podRequests } from '../scheduler/resources.ts';

/** Describes why a node takes no Pod, as kubelet tells it. */
export interface Rejection {
  reason: string;
  message: string;
}

/**
 * Returns whether the node still has to judge the Pod: nobody has looked at it yet. The scheduler has judged those that
 * it bound, which is why these cost no look at all the others.
 */
export const isUnjudged = (pod: Pod): boolean =>
  !pod.status?.startTime && conditionOf(pod, 'PodScheduled')?.status !== 'True';

/**
 * Returns why the node rejects a Pod that somebody assigned to it past the scheduler; undefined when it takes it.
 *
 * @param all the Pods of the cluster
 */
export function rejectionOf(pod: Pod, node: Node, all: Pod[]): Rejection | undefined {
  if (isForeign(pod, node))
    return {
      reason: 'PodOSNotSupported',
      message: "Pod was rejected: Failed to admit pod as the OS field doesn't match node OS",
    };
  const others = all.filter((other) => isOn(node, other) && other.metadata.uid !== pod.metadata.uid);
  return (
    shortage(pod, node, others) ??
    (selectsNode(pod.spec, node)
      ? undefined
      : failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")) ??
    (hostPorts(pod).some((port) => others.some((other) => hostPorts(other).some((p) => collide(port, p))))
      ? failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
      : undefined) ??
    (node.spec?.taints?.some((t) => t.effect === 'NoExecute' && !tolerates(pod.spec?.tolerations, t))
      ? failed('TaintToleration', "node(s) had taints that the pod didn't tolerate")
      : undefined)
  );
}

/** A node that is neither takes Pods of Linux. */
const isForeign = ({ spec }: Pod, { status }: Node): boolean =>
  spec?.os !== undefined &&
  (spec.os.name === 'windows') !== (status?.nodeInfo?.operatingSystem === 'windows');

const isOn = ({ metadata }: Node, pod: Pod): boolean =>
  pod.spec?.nodeName === metadata.name && !isTerminal(pod) && !isUnjudged(pod);

const failed = (reason: string, why: string): Rejection => ({
  reason,
  message: `Pod was rejected: Predicate ${reason} failed: ${why}`,
});

function shortage(pod: Pod, node: Node, others: Pod[]): Rejection | undefined {
  const used: Amounts = {};
  for (const other of others) addTo(used, podRequests(other), 1);
  const missing = insufficient(podRequests(pod), used, allocatable(node));
  return missing && { reason: `OutOf${missing.name}`, message: `Pod was rejected: ${missing.message}` };
}

/** The first resource that a node has not enough of, in kubelet's words; undefined when it has. */
export function insufficient(
  asked: Amounts,
  used: Amounts,
  capacity: Amounts,
): { name: string; message: string } | undefined {
  for (const [name, requested] of Object.entries(asked)) {
    // What the node knows nothing of may be a resource of the cluster.
    if (requested === 0 || capacity[name] === undefined) continue;
    if (requested + (used[name] ?? 0) <= capacity[name]) continue;
    const numbers = `requested: ${requested}, used: ${used[name] ?? 0}, capacity: ${capacity[name]}`;
    return { name, message: `Node didn't have enough resource: ${name}, ${numbers}` };
  }
  return undefined;
}
