import type { Node, Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { type Claims, unready } from './claims.ts';
import { aversions, misfits } from './fit.ts';
import { type HostPort, hostPorts } from './ports.ts';
import { type Amounts, addTo, allocatable, podRequests } from './resources.ts';

export interface Plan {
  bind: { pod: Pod; node: string }[];
  unschedulable: { pod: Pod; message: string }[];
}

/** Returns whether the Pod waits for this scheduler: it has no Node, no gates, and no other scheduler's name. */
export const isPending = (pod: Pod): boolean =>
  !pod.spec?.nodeName &&
  !pod.metadata.deletionTimestamp &&
  !isTerminal(pod) &&
  (pod.spec?.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
  !pod.spec?.schedulingGates?.length;

/** Gives each pending Pod, oldest first, the fitting Node with the fewest Pods, one that does not mind it first. */
export function plan(pods: Pod[], nodes: Node[], claims: Claims = new Map()): Plan {
  const usable = nodes
    .filter(isUp)
    .map((node) => ({ node, free: allocatable(node), ports: [] as HostPort[], pods: 0 }));
  const byName = new Map(usable.map((entry) => [entry.node.metadata.name ?? '', entry]));
  for (const pod of pods) {
    const entry = byName.get(pod.spec?.nodeName ?? '');
    if (entry && !isTerminal(pod)) take(entry, pod);
  }
  const result: Plan = { bind: [], unschedulable: [] };
  for (const pod of pods.filter(isPending).sort(byAge)) {
    const notYet = unready(pod, claims);
    if (notYet) {
      result.unschedulable.push({ pod, message: explain(nodes.length, [notYet], 0) });
      continue;
    }
    const reasons = new Map<string, number>();
    let crowded = 0;
    let best: { entry: (typeof usable)[number]; averse: number } | undefined;
    for (const entry of usable) {
      const why = misfits(pod, entry.node, entry.free, entry.ports);
      for (const reason of why) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (why.length > 0) {
        if (why.every(isScarcity)) crowded++;
        continue;
      }
      const averse = aversions(pod, entry.node);
      if (!best || averse < best.averse || (averse === best.averse && entry.pods < best.entry.pods))
        best = { entry, averse };
    }
    if (best) {
      take(best.entry, pod);
      result.bind.push({ pod, node: best.entry.node.metadata.name ?? '' });
    } else
      result.unschedulable.push({
        pod,
        message: explain(nodes.length, partsOf(reasons, nodes.length - usable.length), crowded),
      });
  }
  return result;
}

function take(entry: { free: Amounts; ports: HostPort[]; pods: number }, pod: Pod): void {
  entry.ports.push(...hostPorts(pod));
  addTo(entry.free, podRequests(pod), -1);
  entry.pods++;
}

const isUp = (node: Node): boolean =>
  !node.metadata.deletionTimestamp &&
  !!node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');

/** Other Pods could make room there; of what else is wrong with a Node none is to blame. */
const isScarcity = (reason: string) =>
  /^(Insufficient|Too many pods|node\(s\) didn't have free ports)/.test(reason);

function partsOf(reasons: Map<string, number>, down: number): string[] {
  const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`);
  if (down > 0) parts.push(`${down} node(s) were not ready`);
  return parts.sort();
}

function explain(nodes: number, parts: string[], crowded: number): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const useless = nodes - crowded;
  const victims = [
    ...(crowded > 0 ? [`${crowded} No preemption victims found for incoming pod`] : []),
    ...(useless > 0 ? [`${useless} Preemption is not helpful for scheduling`] : []),
  ];
  const available = `0/${nodes} nodes are available:`;
  return `${available} ${parts.join(', ')}. no new claims to deallocate, preemption: ${available} ${victims.join(', ')}.`;
}

const byAge = (a: Pod, b: Pod) => {
  const [x, y] = [a, b].map(({ metadata: m }) => `${m.creationTimestamp} ${m.namespace}/${m.name}`) as [
    string,
    string,
  ];
  return x < y ? -1 : 1;
};
