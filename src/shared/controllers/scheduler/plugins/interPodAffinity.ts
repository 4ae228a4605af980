import type { Pod } from '../../../kinds/schema/types.ts';
import { ownValue } from '../../../meta/table.ts';
import { type Filter, forGood, maxScore, meanwhile, type Score } from '../plugin.ts';
import type { Counts, Place, Snapshot } from '../snapshot.ts';
import { type OwnTerm, ownTerms, termMatches } from '../terms.ts';

/** Keeps Pods together and apart, as they and those that are there already require. */
export const interPodAffinity: Filter = {
  name: 'InterPodAffinity',
  prepare(pod, snapshot) {
    const own = ownTerms(pod).filter(({ weight }) => weight === undefined);
    const together = own.filter(({ is }) => is === 'affinity');
    const apart = own.filter(({ is }) => is === 'antiAffinity');
    const against = existingAgainst(pod, snapshot);
    if (own.length === 0 && against.length === 0) return undefined;
    // A Pod that is there counts for affinity only when it matches every term.
    const friends = together.length > 0 ? matchingAll(together, snapshot) : new Map();
    const near = together.map((term) => domains(friends, term.topologyKey));
    const far = apart.map((term) => domains(matching(term, snapshot), term.topologyKey));
    const isFirst =
      together.length > 0 && near.every(({ size }) => size === 0) && matchesAll(together, pod, snapshot);

    return {
      check(place) {
        if (!together.every(({ topologyKey }) => domainOf(place, topologyKey) !== undefined)) return missing;
        const isNear = together.every(({ topologyKey }, i) => near[i]!.has(domainOf(place, topologyKey)!));
        // The first of Pods that want to be together has nobody to join.
        if (!isNear && !isFirst) return missing;
        if (apart.some(({ topologyKey }, i) => has(far[i]!, place, topologyKey))) return unwanted;
        if (against.some(({ topologyKey, taken }) => has(taken, place, topologyKey))) return unwelcome;
        return undefined;
      },
    };
  },
};

/** Prefers the company of Pods that this one likes, or that like it. */
export const podPreference: Score = {
  name: 'InterPodAffinity',
  weight: 2,
  prepare(pod, snapshot) {
    const sums = new Map<string, Map<string, number>>();
    const note = (topologyKey: string, counts: Counts, weight: number) => {
      for (const [place, count] of counts) {
        const domain = domainOf(place, topologyKey);
        if (domain === undefined) continue;
        const byDomain = sums.get(topologyKey) ?? new Map<string, number>();
        sums.set(topologyKey, byDomain.set(domain, (byDomain.get(domain) ?? 0) + weight * count));
      }
    };
    for (const term of ownTerms(pod))
      if (term.weight !== undefined)
        note(term.topologyKey, matching(term, snapshot), sign(term) * term.weight);
    for (const { term, counts } of snapshot.terms()) {
      // What others require of this Pod's company is a preference of theirs, with the least weight.
      const weight = term.weight ?? (term.is === 'affinity' ? 1 : 0);
      if (weight && termMatches(term, pod, snapshot.facts.namespaces))
        note(term.topologyKey, counts, sign(term) * weight);
    }
    if (sums.size === 0) return undefined;
    return {
      score: (place) =>
        [...sums].reduce((sum, [key, byDomain]) => sum + (byDomain.get(domainOf(place, key) ?? '') ?? 0), 0),
      normalize: betweenLowestAndHighest,
    };
  },
};

const missing = forGood("node(s) didn't match pod affinity rules");
const unwanted = meanwhile("node(s) didn't match pod anti-affinity rules");
const unwelcome = meanwhile("node(s) didn't satisfy existing pods anti-affinity rules");

const sign = ({ is }: OwnTerm) => (is === 'affinity' ? 1 : -1);

const domainOf = ({ node }: Place, key: string): string | undefined => ownValue(node.metadata.labels, key);

const has = (taken: ReadonlySet<string>, place: Place, key: string): boolean => {
  const domain = domainOf(place, key);
  return domain !== undefined && taken.has(domain);
};

function matchesAll(terms: OwnTerm[], pod: Pod, { facts }: Snapshot): boolean {
  return terms.length > 0 && terms.every((term) => termMatches(term, pod, facts.namespaces));
}

const matchingAll = (terms: OwnTerm[], snapshot: Snapshot): Counts =>
  snapshot.count(`all ${terms.map(({ key }) => key)}`, (other) => matchesAll(terms, other, snapshot));

const matching = (term: OwnTerm, { count, facts }: Snapshot): Counts =>
  count(`term ${term.key}`, (other) => termMatches(term, other, facts.namespaces));

/** The domains of a topology in which any are. */
function domains(counts: Counts, topologyKey: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const place of counts.keys()) {
    const domain = domainOf(place, topologyKey);
    if (domain !== undefined) found.add(domain);
  }
  return found;
}

/** Returns what Pods that are there require against this one. */
function existingAgainst(pod: Pod, snapshot: Snapshot) {
  const found: { topologyKey: string; taken: ReadonlySet<string> }[] = [];
  for (const { term, counts } of snapshot.terms())
    if (term.is === 'antiAffinity' && term.weight === undefined && counts.size > 0)
      if (termMatches(term, pod, snapshot.facts.namespaces))
        found.push({ topologyKey: term.topologyKey, taken: domains(counts, term.topologyKey) });
  return found;
}

function betweenLowestAndHighest(scores: number[]): number[] {
  const lowest = Math.min(...scores);
  const range = Math.max(...scores) - lowest;
  return scores.map((score) => (range > 0 ? Math.trunc(maxScore * ((score - lowest) / range)) : 0));
}
