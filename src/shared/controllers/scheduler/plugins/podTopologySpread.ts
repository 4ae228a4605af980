import type { Pod, TopologySpreadConstraint } from '../../../kinds/schema/types.ts';
import { labelSelectorFrom, type Selector } from '../../../meta/labels.ts';
import { controllerOf } from '../../../meta/object.ts';
import { ownValue } from '../../../meta/table.ts';
import { type Filter, forGood, maxScore, meanwhile, type Score } from '../plugin.ts';
import type { Counts, Place, Snapshot } from '../snapshot.ts';
import { keyRequirements, withKeys } from '../terms.ts';
import { selectsNode } from './nodeAffinity.ts';
import { isRepelled } from './taintToleration.ts';

/** Keeps the numbers of Pods in different domains of a topology near each other. */
export const podTopologySpread: Filter = {
  name: 'PodTopologySpread',
  prepare(pod, snapshot) {
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const spreads = constraints.map((constraint) => {
      const byDomain = sums(constraint, constraints, pod, snapshot);
      const least = byDomain.size < constraint.minDomains ? 0 : Math.min(...byDomain.values());
      return { constraint, byDomain, least, itself: constraint.isAbout(pod) ? 1 : 0 };
    });
    return {
      check(place) {
        for (const { constraint, byDomain, least, itself } of spreads) {
          const domain = domainOf(place, constraint.topologyKey);
          if (domain === undefined) return forGood(`${skewed} (missing required label)`);
          if ((byDomain.get(domain) ?? 0) + itself - least > constraint.maxSkew) return meanwhile(skewed);
        }
        return undefined;
      },
    };
  },
};

/** Prefers domains with few Pods of the kind. */
export const spreadPreference: Score = {
  name: 'PodTopologySpread',
  weight: 2,
  prepare(pod, snapshot, feasible) {
    const own = pod.spec?.topologySpreadConstraints ?? [];
    const constraints = own.length > 0 ? constraintsOf(pod, 'ScheduleAnyway') : usualConstraints(pod);
    if (constraints.length === 0) return undefined;
    const needsAll = own.length > 0;
    const isIgnored = (place: Place) => needsAll && !hasAll(place, constraints);
    const counted = feasible.filter((place) => !isIgnored(place));
    const parts = constraints.map((constraint) => {
      const domains = new Set(counted.map((place) => domainOf(place, constraint.topologyKey)));
      const isHost = constraint.topologyKey === hostname;
      const weight = Math.log((isHost ? counted.length : domains.size) + 2);
      const byDomain = sums(constraint, needsAll ? constraints : [], pod, snapshot);
      const counts = constraint.counts(snapshot);
      const countIn = (place: Place, domain: string) =>
        isHost ? (counts.get(place) ?? 0) : (byDomain.get(domain) ?? 0);
      return { constraint, weight, countIn };
    });
    return {
      score(place) {
        if (isIgnored(place)) return ignored;
        const score = parts.reduce((sum, { constraint, weight, countIn }) => {
          const domain = domainOf(place, constraint.topologyKey);
          return domain === undefined
            ? sum
            : sum + countIn(place, domain) * weight + (constraint.maxSkew - 1);
        }, 0);
        return Math.round(score);
      },
      normalize,
    };
  },
};

const skewed = "node(s) didn't match pod topology spread constraints";
const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';
const ignored = -1;

/** A constraint, ready to be counted by. */
interface Constraint {
  topologyKey: string;
  maxSkew: number;
  minDomains: number;
  /** Says whether Nodes that the Pod does not select, or whose taints it does not tolerate, are left out. */
  honors: { affinity: boolean; taints: boolean };
  isAbout(pod: Pod): boolean;
  /** Pods that it is about, by Node. */
  counts(snapshot: Snapshot): Counts;
}

const constraintsOf = (pod: Pod, whenUnsatisfiable: string): Constraint[] =>
  (pod.spec?.topologySpreadConstraints ?? [])
    .filter((each) => each.whenUnsatisfiable === whenUnsatisfiable)
    .map((each) => constraintOf(each, pod));

function constraintOf(each: TopologySpreadConstraint, pod: Pod): Constraint {
  const keys = keyRequirements(pod, each.matchLabelKeys);
  const selector = withKeys(labelSelectorFrom(each.labelSelector), keys);
  const { namespace } = pod.metadata;
  return {
    topologyKey: each.topologyKey,
    maxSkew: each.maxSkew,
    minDomains: each.minDomains ?? 1,
    honors: {
      affinity: (each.nodeAffinityPolicy ?? 'Honor') === 'Honor',
      taints: each.nodeTaintsPolicy === 'Honor',
    },
    isAbout: ({ metadata }) => selector.matches(metadata.labels),
    counts: ({ count }) =>
      count(`spread ${JSON.stringify([namespace, each.labelSelector, keys])}`, (other) =>
        isCounted(other, namespace, selector),
      ),
  };
}

/** Pods on their way out do not count, and an empty selector counts none. */
const isCounted = ({ metadata }: Pod, namespace: string | undefined, selector: Selector): boolean =>
  !selector.matchesEverything &&
  !metadata.deletionTimestamp &&
  metadata.namespace === namespace &&
  selector.matches(metadata.labels);

/**
 * Returns what kube-scheduler adds to Pods without constraints: those of one controller are spread over Nodes and
 * zones. It finds them by the selectors of Services and controllers; here by their owner, which costs no reads.
 */
function usualConstraints(pod: Pod): Constraint[] {
  const owner = controllerOf(pod)?.uid;
  if (!owner) return [];
  const isAbout = (other: Pod) => !other.metadata.deletionTimestamp && controllerOf(other)?.uid === owner;
  const counts = ({ count }: Snapshot) => count(`owner ${owner}`, isAbout);
  const honors = { affinity: true, taints: false };
  const common = { minDomains: 1, honors, isAbout, counts };
  return [
    { topologyKey: hostname, maxSkew: 3, ...common },
    { topologyKey: zone, maxSkew: 5, ...common },
  ];
}

/** Pods by domain, over the Nodes that count; domains without any are there with 0. */
function sums(constraint: Constraint, all: Constraint[], pod: Pod, snapshot: Snapshot): Map<string, number> {
  const counts = constraint.counts(snapshot);
  const byDomain = new Map<string, number>();
  for (const place of snapshot.places) {
    const domain = domainOf(place, constraint.topologyKey);
    if (domain === undefined || !hasAll(place, all)) continue;
    if (constraint.honors.affinity && !selectsNode(pod.spec, place.node)) continue;
    if (constraint.honors.taints && isRepelled(pod, place.node)) continue;
    byDomain.set(domain, (byDomain.get(domain) ?? 0) + (counts.get(place) ?? 0));
  }
  return byDomain;
}

const hasAll = (place: Place, constraints: Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => domainOf(place, topologyKey) !== undefined);

const domainOf = ({ node }: Place, key: string): string | undefined => ownValue(node.metadata.labels, key);

function normalize(scores: number[]): number[] {
  const counted = scores.filter((score) => score !== ignored);
  const [lowest, highest] = [Math.min(...counted), Math.max(0, ...counted)];
  return scores.map((score) => {
    if (score === ignored) return 0;
    return highest === 0 ? maxScore : Math.trunc((maxScore * (highest + lowest - score)) / highest);
  });
}
