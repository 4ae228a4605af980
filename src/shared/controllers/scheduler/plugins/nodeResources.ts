import { type Filter, maxScore, type Rejection, type Score } from '../plugin.ts';
import { podRequests, scoredRequests } from '../resources.ts';
import type { Place } from '../snapshot.ts';

/** Keeps Pods off Nodes that have not enough left. */
export const nodeResourcesFit: Filter = {
  name: 'NodeResourcesFit',
  prepare(pod) {
    const wanted = Object.entries(podRequests(pod)).sort(byUse);
    return { check: (place) => shortage(wanted, place) };
  },
};

/** Prefers Nodes of which little is used. */
export const leastAllocated: Score = {
  name: 'NodeResourcesFit',
  weight: 1,
  prepare(pod, snapshot) {
    const own = scoredRequests(pod);
    return {
      score(place) {
        const [cpu, memory] = [place.allocatable.cpu ?? 0, place.allocatable.memory ?? 0];
        const used = snapshot.scored(place);
        const free = freeShare(cpu, used.cpu + own.cpu) + freeShare(memory, used.memory + own.memory);
        return Math.floor(free / (Number(cpu > 0) + Number(memory > 0) || 1));
      },
    };
  },
};

/** Prefers Nodes of which CPU and memory are used alike. */
export const balancedAllocation: Score = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare(pod) {
    const { cpu = 0, memory = 0 } = podRequests(pod);
    if (cpu === 0 && memory === 0) return undefined;
    return {
      score({ allocatable, requested }) {
        if (!allocatable.cpu || !allocatable.memory) return maxScore;
        const cpuShare = Math.min(1, ((requested.cpu ?? 0) + cpu) / allocatable.cpu);
        const memoryShare = Math.min(1, ((requested.memory ?? 0) + memory) / allocatable.memory);
        return Math.floor((1 - Math.abs(cpuShare - memoryShare) / 2) * maxScore);
      },
    };
  },
};

const freeShare = (has: number, used: number): number =>
  used > has || has === 0 ? 0 : Math.floor(((has - used) * maxScore) / has);

/** Too many Pods is told even of a Pod that asks for nothing else; a Node that is too small for it stays so. */
function shortage(wanted: [string, number][], { allocatable, requested }: Place): Rejection | undefined {
  const reasons: string[] = [];
  let isFinal = false;
  for (const [name, amount] of wanted) {
    const has = allocatable[name] ?? 0;
    if (amount === 0 || amount <= has - (requested[name] ?? 0)) continue;
    reasons.push(name === 'pods' ? 'Too many pods' : `Insufficient ${name}`);
    isFinal ||= name !== 'pods' && amount > has;
  }
  return reasons.length > 0 ? { reasons, isFinal } : undefined;
}

const order = ['pods', 'cpu', 'memory', 'ephemeral-storage'];
const byUse = ([a]: [string, number], [b]: [string, number]) => rank(a) - rank(b) || (a < b ? -1 : 1);
const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
