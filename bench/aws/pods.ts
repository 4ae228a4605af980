import { type CountedRollout, countedRollout } from '../../test/support/aws/countedRollout.ts';

/** How a Deployment of so many Pods went, in the simulation of the whole deployment. */
export interface PodsRun extends CountedRollout {
  replicas: number;
}

const sizes = [10, 100, 1_000];

/** Deployments of Pods with probes behind a Service, each in a deployment of its own: the largest takes minutes. */
export async function countPods(): Promise<PodsRun[]> {
  const runs: PodsRun[] = [];
  for (const replicas of sizes)
    runs.push({ replicas, ...(await countedRollout(replicas, { probed: true })) });
  return runs;
}

interface Goal {
  what: string;
  of(run: PodsRun): number;
  /** From how many Pods on it holds, and what it allows at most; absent: a figure beside. */
  from?: number;
  most?: number;
}

/** Those of docs/bench.md; what is done once a second counts for more where there are few Pods. */
const goals: Goal[] = [
  { what: 'start: read units a Pod', of: ({ start }) => start.units, from: 100, most: 60 },
  { what: 'start: calls a Pod', of: ({ start }) => start.calls, from: 100, most: 60 },
  { what: 'start: reads of ECS a Pod', of: ({ start }) => start.ecsReads },
  { what: 'rollout: read units a Pod', of: ({ rollout }) => rollout.units, from: 100, most: 120 },
  { what: 'rollout: calls a Pod', of: ({ rollout }) => rollout.calls },
  { what: 'rollout: reads of ECS a Pod', of: ({ rollout }) => rollout.ecsReads },
  { what: 'rollout, s', of: ({ rollout }) => rollout.tookMs / 1_000 },
  { what: 'reads of ECS a minute at rest', of: ({ ecsReadsAtRest }) => ecsReadsAtRest, from: 1, most: 60 },
  { what: 'most read units a second of one key', of: ({ busiest }) => busiest.reads, from: 1, most: 3_000 },
  { what: 'requests that DynamoDB throttled', of: ({ throttled }) => throttled.dynamodb },
  { what: 'calls that ECS throttled', of: ({ throttled }) => sum(Object.values(throttled.ecs)) },
];

/** Costs for each Pod that may not grow with their number. */
const flat = /a Pod$/;

/** A line for each figure: its value for each number of Pods, its goal, whether it holds. */
export function podLines(runs: PodsRun[]): string[][] {
  return goals.map(({ what, of, from = 0, most }) => {
    const values = runs.map(of);
    const grows = flat.test(what) && values.some((value, i) => i > 0 && value > 1.1 * values[i - 1]!);
    const judged = runs.filter(({ replicas }) => replicas >= from).map(of);
    const holds = !grows && (most === undefined || judged.every((value) => value <= most));
    const allowed = most === undefined ? [] : [`≤ ${most}${from > 1 ? ` from ${from} on` : ''}`];
    const goal = [...allowed, ...(flat.test(what) ? ['flat'] : [])].join(', ');
    const verdict = holds ? 'holds' : 'MISSED';
    return [what, ...values.map((value) => String(Math.round(value * 10) / 10)), goal, goal && verdict];
  });
}

export const podHead = ['Deployment of so many Pods', ...sizes.map(String), 'goal', ''];

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
