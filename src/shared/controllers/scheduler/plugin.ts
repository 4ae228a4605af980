import type { Pod } from '../../kinds/schema/types.ts';
import type { Place, Snapshot } from './snapshot.ts';

/** Describes why a Node cannot take a Pod, in the words of kube-scheduler. */
export interface Rejection {
  reasons: readonly string[];
  /** True where no Pod's leaving would change it, so that preemption does not help. */
  isFinal: boolean;
}

/** Describes what a filter has found out about a Pod before it looks at single Nodes. */
export interface Prepared {
  /** No Node can take the Pod, for this reason. */
  refusal?: string;
  /** Only these Nodes come into question, by name. */
  only?: ReadonlySet<string>;
  check?(place: Place): Rejection | undefined;
}

/** Decides which Nodes a Pod can go to. */
export interface Filter {
  /** As kube-scheduler names the plugin. */
  name: string;
  /** Undefined: it has nothing to say about this Pod. */
  prepare(pod: Pod, snapshot: Snapshot): Prepared | undefined;
}

/** The score of each of these Nodes, from 0 to 100 once `normalize` has been called. */
export interface Scoring {
  score(place: Place): number;
  normalize?(scores: number[]): number[];
}

/** Says how well a Pod would stand on Nodes that can take it. */
export interface Score {
  name: string;
  weight: number;
  /** Undefined: all Nodes are alike to it. */
  prepare(pod: Pod, snapshot: Snapshot, feasible: readonly Place[]): Scoring | undefined;
}

/** The best that a score says. */
export const maxScore = 100;

/** The highest becomes 100, the others in proportion; in reverse the lowest is the best. */
export function inProportion(scores: number[], isReverse = false): number[] {
  const highest = Math.max(...scores);
  if (highest === 0) return isReverse ? scores.map(() => maxScore) : scores;
  const share = (score: number) => Math.floor((maxScore * score) / highest);
  return scores.map((score) => (isReverse ? maxScore - share(score) : share(score)));
}

/** A rejection that only a change of the Node or the Pod can end. */
export const forGood = (reason: string): Rejection => ({ reasons: [reason], isFinal: true });

/** A rejection that ends when other Pods leave. */
export const meanwhile = (reason: string): Rejection => ({ reasons: [reason], isFinal: false });
