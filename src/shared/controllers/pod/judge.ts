import type { Node, Pod } from '../../kinds/schema/types.ts';
import { isCritical } from '../../podspec/critical.ts';
import { conditionOf, isTerminal } from '../common/pods.ts';
import { tolerates } from '../common/tolerations.ts';
import { selectsNode } from '../scheduler/plugins/nodeAffinity.ts';
import { collide, type HostPort, hostPorts } from '../scheduler/plugins/nodePorts.ts';
import { type Amounts, addTo, allocatable, podRequests } from '../scheduler/resources.ts';
import { asCounted } from './allocated.ts';
import { chooseLeaving, isLeaving } from './displace.ts';
import { shortages } from './shortages.ts';

/** Describes why a node takes no Pod, as kubelet tells it. */
export interface Rejection {
  reason: string;
  message: string;
}

/** Describes what a node makes of a Pod; empty when it takes it. */
export interface Verdict {
  rejection?: Rejection;
  /** Pods that leave for this one, which waits until they have. */
  leaving?: Pod[];
}

/**
 * Returns whether the node still has to judge the Pod. On a machine, as kubelet, each one that has not started: whoever
 * bound it may have been wrong. A virtual node has room for everybody, and judges only whom nobody has bound but who
 * named it: all others would cost a look at all Pods.
 */
export const isUnjudged = (pod: Pod, isVirtual: boolean): boolean =>
  !pod.status?.startTime && !(isVirtual && conditionOf(pod, 'PodScheduled')?.status === 'True');

/**
 * Judges a Pod that has not started on its node, as kubelet's admission does. Those that have started were judged; those
 * that wait like this one are judged before it when they are older, so that two never get the same room.
 *
 * @param all the Pods of the cluster
 * @param running uids of those that run already, whether or not their status says so yet
 */
export function judge(
  pod: Pod,
  node: Node,
  all: readonly Pod[],
  running: ReadonlySet<string> = new Set(),
): Verdict {
  const here = all.filter(
    (other) =>
      other.spec?.nodeName === node.metadata.name &&
      other.metadata.uid !== pod.metadata.uid &&
      !isTerminal(other),
  );
  // Who fits beside everybody fits beside those among them who are taken, whatever their order.
  const beside = verdictIn(roomWith(here, node), pod);
  return isFree(beside) ? beside : judgeInTurn(pod, node, here, running);
}

/** Returns whether a node takes a Pod beside others that use so much of it and have these ports. */
export const hasRoom = (pod: Pod, node: Node, used: Amounts, ports: HostPort[]): boolean =>
  isFree(verdictIn({ node, pods: [], used, ports, capacity: allocatable(node) }, pod));

/** Judges a Pod after all older ones that wait like it: each costs a verdict. */
export function judgeInTurn(
  pod: Pod,
  node: Node,
  here: readonly Pod[],
  running: ReadonlySet<string>,
): Verdict {
  const hasStarted = ({ metadata, status }: Pod) => !!status?.startTime || running.has(metadata.uid ?? '');
  const room = roomWith(here.filter(hasStarted), node);
  const older = here.filter((other) => !hasStarted(other) && compareAge(other, pod) < 0);
  for (const other of older.sort(compareAge)) if (isTaken(verdictIn(room, other))) take(room, other);
  return verdictIn(room, pod);
}

const isFree = ({ rejection, leaving }: Verdict): boolean => !rejection && !leaving;
const isTaken = ({ rejection }: Verdict): boolean => !rejection;

/** What a node has, and what is taken of it. */
interface Room {
  readonly node: Node;
  readonly capacity: Amounts;
  readonly pods: Pod[];
  readonly used: Amounts;
  readonly ports: HostPort[];
}

function roomWith(pods: readonly Pod[], node: Node): Room {
  const room: Room = { node, pods: [], used: {}, ports: [], capacity: allocatable(node) };
  for (const pod of pods) take(room, pod);
  return room;
}

function take(room: Room, pod: Pod): void {
  room.pods.push(pod);
  addTo(room.used, podRequests(asCounted(pod)), 1);
  const ports = hostPorts(pod);
  if (ports.length) room.ports.push(...ports);
}

const compareAge = (a: Pod, b: Pod): number => (ageKey(a) < ageKey(b) ? -1 : 1);
const ageKey = ({ metadata }: Pod): string => `${metadata.creationTimestamp} ${metadata.uid}`;

function verdictIn(room: Room, pod: Pod): Verdict {
  const foreign = systemMismatch(pod, room.node);
  if (foreign) return { rejection: foreign };
  const misfit = misfitOf(pod, room);
  const missing = shortages(podRequests(pod), room.used, room.capacity);
  const [first] = missing;
  if (first && !isCritical(pod)) return rejected(`OutOf${first.name}`, first.message);
  if (misfit) return { rejection: misfit };
  if (!first) return {};
  const { leaving, unmet } = chooseLeaving(pod, missing, room.pods);
  return unmet === undefined
    ? { leaving: leaving.filter((each) => !isLeaving(each)) }
    : rejected('UnexpectedAdmissionError', `${recovering}: ${unmet}`);
}

const recovering = 'Unexpected error while attempting to recover from admission failure: preemption';

function systemMismatch(pod: Pod, node: Node): Rejection | undefined {
  const label = pod.metadata.labels?.['kubernetes.io/os'];
  const isWindows = node.status?.nodeInfo?.operatingSystem === 'windows';
  if (label !== undefined && label !== (isWindows ? 'windows' : 'linux'))
    return {
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    };
  // A node that is neither takes Pods of Linux.
  return pod.spec?.os && (pod.spec.os.name === 'windows') !== isWindows
    ? { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
    : undefined;
}

function misfitOf(pod: Pod, { node, ports }: Room): Rejection | undefined {
  if (!selectsNode(pod.spec, node))
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  if (hostPorts(pod).some((port) => ports.some((other) => collide(port, other))))
    return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  if (node.spec?.taints?.some((t) => t.effect === 'NoExecute' && !tolerates(pod.spec?.tolerations, t)))
    return failed('TaintToleration', "node(s) had taints that the pod didn't tolerate");
  return undefined;
}

const rejected = (reason: string, message: string): Verdict => ({ rejection: { reason, message } });
const failed = (name: string, why: string): Rejection => ({
  reason: name,
  message: `Predicate ${name} failed: ${why}`,
});
