import type { Node, Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { asScheduled } from './effective.ts';
import type { Facts } from './facts.ts';
import { type HostPort, hostPorts } from './plugins/nodePorts.ts';
import {
  type Amounts,
  addTo,
  allocatable,
  podRequests,
  type ScoredAmounts,
  scoredRequests,
} from './resources.ts';
import { type OwnTerm, ownTerms } from './terms.ts';

/** A Node with what is on it. */
export interface Place {
  name: string;
  node: Node;
  pods: Set<Pod>;
  allocatable: Amounts;
  requested: Amounts;
  ports: HostPort[];
}

/** Describes how many Pods there are by Node; Nodes without any may be missing. */
export type Counts = ReadonlyMap<Place, number>;

/** A term of affinity with how many Pods that bring it there are on each Node. */
export interface PlacedTerm {
  term: OwnTerm;
  counts: Counts;
}

/**
 * The cluster as the scheduler takes it to be: what is bound, and what it has decided meanwhile. What Pods are counted by
 * is kept as they come and go, so that a further Pod costs a look at each Node and not at each Pod.
 */
export interface Snapshot {
  readonly places: readonly Place[];
  readonly facts: Facts;
  place(name: string): Place | undefined;
  add(pod: Pod, place: Place): void;
  remove(pod: Pod, place: Place): void;
  /** Pods that match, by Node. The key stands for the question: the same is counted once. */
  count(key: string, matches: (pod: Pod) => boolean): Counts;
  /** Returns what the Pods on a Node count in scores. */
  scored(place: Place): ScoredAmounts;
  /** The terms of affinity of all Pods that have a place. */
  terms(): Iterable<PlacedTerm>;
}

/** Takes all Pods that have a Node and have not ended to be there. */
export function snapshotOf(pods: readonly Pod[], nodes: readonly Node[], facts: Facts): Snapshot {
  const places = nodes.map(placeOf);
  const byName = new Map(places.map((place) => [place.name, place]));
  const counters = new Map<string, { matches(pod: Pod): boolean; counts: Map<Place, number> }>();
  const placed = new Map<string, { term: OwnTerm; counts: Map<Place, number> }>();

  const scoredSums = new Map<Place, ScoredAmounts>();

  function change(pod: Pod, place: Place, sign: 1 | -1): void {
    addTo(place.requested, podRequests(asScheduled(pod)), sign);
    // Where there is one Node only, nobody ever asks.
    const sum = scoredSums.get(place);
    if (sum) addScored(sum, pod, sign);
    for (const { matches, counts } of counters.values()) if (matches(pod)) bump(counts, place, sign);
    for (const term of ownTerms(pod)) {
      const found = placed.get(term.key) ?? { term, counts: new Map() };
      placed.set(term.key, found);
      bump(found.counts, place, sign);
    }
  }
  function add(pod: Pod, place: Place): void {
    place.pods.add(pod);
    place.ports.push(...hostPorts(pod));
    change(pod, place, 1);
  }

  for (const pod of pods) {
    const place = byName.get(pod.spec?.nodeName ?? '');
    if (place && !isTerminal(pod)) add(pod, place);
  }
  return {
    places,
    facts,
    place: (name) => byName.get(name),
    add,
    remove(pod, place) {
      if (!place.pods.delete(pod)) return;
      if (hostPorts(pod).length > 0) place.ports = [...place.pods].flatMap(hostPorts);
      change(pod, place, -1);
    },
    count(key, matches) {
      const found = counters.get(key);
      if (found) return found.counts;
      const counts = new Map<Place, number>();
      for (const place of places) for (const pod of place.pods) if (matches(pod)) bump(counts, place, 1);
      counters.set(key, { matches, counts });
      return counts;
    },
    scored(place) {
      const known = scoredSums.get(place);
      if (known) return known;
      const sum = { cpu: 0, memory: 0 };
      for (const pod of place.pods) addScored(sum, pod, 1);
      scoredSums.set(place, sum);
      return sum;
    },
    terms: () => placed.values(),
  };
}

const placeOf = (node: Node): Place => ({
  name: node.metadata.name ?? '',
  node,
  pods: new Set(),
  allocatable: allocatable(node),
  requested: {},
  ports: [],
});

function addScored(sum: ScoredAmounts, pod: Pod, sign: 1 | -1): void {
  const { cpu, memory } = scoredRequests(asScheduled(pod));
  sum.cpu += sign * cpu;
  sum.memory += sign * memory;
}

function bump(counts: Map<Place, number>, place: Place, by: number): void {
  const count = (counts.get(place) ?? 0) + by;
  if (count === 0) counts.delete(place);
  else counts.set(place, count);
}
