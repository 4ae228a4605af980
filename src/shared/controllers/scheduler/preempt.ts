import type { Pod, PodDisruptionBudget } from '../../kinds/schema/types.ts';
import { selects } from '../../meta/selects.ts';
import { conditionOf } from '../common/pods.ts';
import { type Fit, rejectionOn } from './fit.ts';
import type { Rejection } from './plugin.ts';
import type { Place, Snapshot } from './snapshot.ts';
import { unhelpful, withoutVictims } from './words.ts';

/** Describes what is to become of a Pod that fits nowhere. */
export type Preemption =
  | { place: Place; victims: Pod[] }
  /** Says why nobody is sent away for it; `keeps` says that the Node it has been promised stays so. */
  | { why: string; keeps: boolean };

/** As kube-scheduler tries: a tenth of the Nodes, but at least a hundred. */
const fewestCandidates = 100;

/** Finds the Node on which the fewest and least important Pods have to leave for this one. */
export function preempt(pod: Pod, fit: Fit, snapshot: Snapshot): Preemption {
  const ineligible = whyNot(pod, fit, snapshot);
  if (ineligible) return { why: ineligible, keeps: true };
  const hopeful = [...fit.rejections].filter(([, { isFinal }]) => !isFinal).map(([place]) => place);
  const most = Math.max(fewestCandidates, Math.floor(hopeful.length / 10));
  const candidates: Candidate[] = [];
  const tried: Rejection[] = [];
  for (const place of hopeful) {
    if (candidates.length >= most) break;
    const found = victimsOn(place, pod, snapshot);
    if ('reasons' in found) tried.push(found);
    else candidates.push({ ...found, place });
  }
  const [first] = candidates.sort(byHarm);
  if (first) return first;
  return { why: unhelpful(snapshot.places.length, tried), keeps: false };
}

interface Candidate extends Victims {
  place: Place;
}

interface Victims {
  /** The most important first. */
  victims: Pod[];
  /** Says how many of them a disruption budget would keep. */
  violations: number;
}

/** Returns how important a Pod is. */
export const priorityOf = ({ spec }: Pod): number => spec?.priority ?? 0;

function whyNot(pod: Pod, { rejections }: Fit, { place }: Snapshot): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = place(pod.status?.nominatedNodeName ?? '');
  if (!nominated || rejections.get(nominated)?.isFinal) return undefined;
  return [...nominated.pods].some((other) => priorityOf(other) < priorityOf(pod) && isLeaving(other))
    ? 'not eligible due to a terminating pod on the nominated node.'
    : undefined;
}

function isLeaving(pod: Pod): boolean {
  const condition = conditionOf(pod, 'DisruptionTarget');
  return (
    !!pod.metadata.deletionTimestamp &&
    condition?.status === 'True' &&
    condition.reason === 'PreemptionByScheduler'
  );
}

/** Sends everybody less important away, then takes back whom there is room for. The snapshot is as before afterwards. */
function victimsOn(place: Place, pod: Pod, snapshot: Snapshot): Victims | Rejection {
  const lower = [...place.pods].filter((other) => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return withoutVictims;
  const away = new Set<Pod>();
  const send = (other: Pod) => {
    snapshot.remove(other, place);
    away.add(other);
  };
  const fetch = (other: Pod) => {
    snapshot.add(other, place);
    away.delete(other);
  };
  try {
    for (const other of lower) send(other);
    const stillWhyNot = rejectionOn(pod, place, snapshot);
    if (stillWhyNot) return stillWhyNot;
    const { kept, free } = byBudgets(lower.sort(byImportance), snapshot.facts.budgets);
    const isVictim = (other: Pod) => {
      fetch(other);
      if (!rejectionOn(pod, place, snapshot)) return false;
      send(other);
      return true;
    };
    const violating = kept.filter(isVictim);
    const victims = [...violating, ...free.filter(isVictim)].sort(byImportance);
    return { victims, violations: violating.length };
  } finally {
    for (const other of away) snapshot.add(other, place);
  }
}

/** Those whose leaving a budget does not allow any more, and the others; both in their order. */
function byBudgets(pods: Pod[], budgets: readonly PodDisruptionBudget[]): { kept: Pod[]; free: Pod[] } {
  const allowed = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const kept = pods.filter((pod) => {
    let isKept = false;
    for (const budget of budgets) {
      const isAbout =
        budget.metadata.namespace === pod.metadata.namespace &&
        selects(budget.spec?.selector, pod.metadata.labels) &&
        !Object.hasOwn(budget.status?.disruptedPods ?? {}, pod.metadata.name ?? '');
      if (!isAbout) continue;
      const left = allowed.get(budget)! - 1;
      allowed.set(budget, left);
      if (left < 0) isKept = true;
    }
    return isKept;
  });
  return { kept, free: pods.filter((pod) => !kept.includes(pod)) };
}

const startOf = ({ status }: Pod) => Date.parse(status?.startTime ?? '') || Number.POSITIVE_INFINITY;

const byImportance = (a: Pod, b: Pod) => priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b) || 0;

/** So that the sum of many negative priorities is not less than that of a few. */
const shift = 2 ** 31;

/** In this order: budgets broken, the highest priority, the sum of them, how many, and who started last. */
function byHarm(a: Candidate, b: Candidate): number {
  const [x, y] = [harm(a), harm(b)];
  for (const [i, value] of x.entries()) if (value !== y[i]) return value < y[i]! ? -1 : 1;
  return 0;
}

function harm({ violations, victims }: Candidate): number[] {
  const highest = priorityOf(victims[0]!);
  const earliest = Math.min(...victims.filter((pod) => priorityOf(pod) === highest).map(startOf));
  return [
    violations,
    highest,
    victims.reduce((sum, pod) => sum + priorityOf(pod) + shift, 0),
    victims.length,
    -earliest,
  ];
}
