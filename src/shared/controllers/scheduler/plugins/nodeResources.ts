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
  prepare(pod) {
    const own = scoredRequests(pod);
    return {
      score({ allocatable, scored }) {
        const free = (['cpu', 'memory'] as const).flatMap((name) => {
          const [has, used] = [allocatable[name] ?? 0, scored[name] + own[name]];
          return has === 0 ? [] : [used > has ? 0 : Math.floor(((has - used) * maxScore) / has)];
        });
        return free.length === 0 ? 0 : Math.floor(free.reduce((sum, each) => sum + each, 0) / free.length);
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
        const shares = Object.entries({ cpu, memory }).flatMap(([name, own]) => {
          const has = allocatable[name] ?? 0;
          return has === 0 ? [] : [Math.min(1, ((requested[name] ?? 0) + own) / has)];
        });
        const deviation = shares.length === 2 ? Math.abs(shares[0]! - shares[1]!) / 2 : 0;
        return Math.floor((1 - deviation) * maxScore);
      },
    };
  },
};

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
