import type { Pod } from '../../kinds/schema/types.ts';
import { isVirtual } from '../node/plan.ts';
import { forGood, type Prepared, type Rejection } from './plugin.ts';
import { aversions } from './plugins/taintToleration.ts';
import { filters, scores } from './plugins.ts';
import type { Place, Snapshot } from './snapshot.ts';

/** Describes where a Pod can go, or why it cannot go anywhere. */
export interface Fit {
  feasible: Place[];
  /** By Node that cannot take it. */
  rejections: Map<Place, Rejection>;
  /** Says why no Node can: nobody has looked at single Nodes then. */
  refusal?: string;
}

/** Asks every filter about every Node. */
export function fitOf(pod: Pod, snapshot: Snapshot): Fit {
  const fit: Fit = { feasible: [], rejections: new Map() };
  const prepared = prepare(pod, snapshot);
  const refusal = prepared.find((each) => each.refusal !== undefined)?.refusal;
  if (refusal !== undefined) return { ...fit, refusal };
  for (const place of snapshot.places) {
    const why = rejectionBy(prepared, place);
    if (why) fit.rejections.set(place, why);
    else fit.feasible.push(place);
  }
  return fit;
}

/** Returns why that Node cannot take the Pod, as the snapshot is now; undefined when it can. */
export function rejectionOn(pod: Pod, place: Place, snapshot: Snapshot): Rejection | undefined {
  const prepared = prepare(pod, snapshot);
  const refusal = prepared.find((each) => each.refusal !== undefined)?.refusal;
  return refusal === undefined ? rejectionBy(prepared, place) : forGood(refusal);
}

const prepare = (pod: Pod, snapshot: Snapshot): Prepared[] =>
  filters.flatMap((filter) => filter.prepare(pod, snapshot) ?? []);

const others: Rejection = { reasons: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"], isFinal: true };

function rejectionBy(prepared: Prepared[], place: Place): Rejection | undefined {
  if (prepared.some(({ only }) => only && !only.has(place.name))) return others;
  for (const { check } of prepared) {
    const why = check?.(place);
    if (why) return why;
  }
  return undefined;
}

/** The best of the Nodes that can take the Pod; of equals the one with the fewest Pods, the first of them. */
export function best(pod: Pod, all: readonly Place[], snapshot: Snapshot): Place | undefined {
  const feasible = withoutAversion(pod, all);
  if (feasible.length <= 1) return feasible[0];
  const totals = feasible.map(() => 0);
  for (const { weight, prepare } of scores) {
    const scoring = prepare(pod, snapshot, feasible);
    if (!scoring) continue;
    const raw = feasible.map((place) => scoring.score(place));
    for (const [i, score] of (scoring.normalize?.(raw) ?? raw).entries()) totals[i]! += weight * score;
  }
  let found = 0;
  for (let i = 1; i < feasible.length; i++) {
    const [score, highest] = [totals[i]!, totals[found]!];
    const isEmptier = feasible[i]!.pods.size < feasible[found]!.pods.size;
    if (score > highest || (score === highest && isEmptier)) found = i;
  }
  return feasible[found];
}

/**
 * A virtual Node stands for a kind of capacity, Spot or another architecture: a Pod that did not ask for it must not come
 * there for the sake of a better spread.
 */
function withoutAversion(pod: Pod, feasible: readonly Place[]): readonly Place[] {
  if (!feasible.some(({ node }) => isVirtual(node))) return feasible;
  const averse = feasible.map(({ node }) => aversions(pod, node));
  const least = Math.min(...averse);
  return feasible.filter((_, i) => averse[i] === least);
}
