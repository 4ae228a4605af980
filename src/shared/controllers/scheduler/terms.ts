import type { Pod, PodAffinityTerm } from '../../kinds/schema/types.ts';
import { everything, labelSelectorFrom, nothing, type Requirement, Selector } from '../../meta/labels.ts';
import { ownValue } from '../../meta/table.ts';

/** A term of a Pod's affinity, ready to be matched with other Pods. */
export interface Term {
  /** Terms with the same key match the same Pods. */
  key: string;
  topologyKey: string;
  selector: Selector;
  namespaces: readonly string[];
  namespaceSelector: Selector;
  /** Says whether labels of Namespaces decide. */
  hasNamespaceSelector: boolean;
}

/** A term that a Pod brings along: what it asks of other Pods, and of Pods to come. */
export interface OwnTerm extends Term {
  is: 'affinity' | 'antiAffinity';
  /** Of a preference; absent where it is required. */
  weight?: number;
}

/** Labels of Namespaces, by name. */
export type NamespaceLabels = ReadonlyMap<string, Record<string, string>>;

/** Returns whether a term is about that Pod. */
export const termMatches = (term: Term, pod: Pod, labels: NamespaceLabels): boolean => {
  const { namespace = '' } = pod.metadata;
  return (
    (term.namespaces.includes(namespace) || term.namespaceSelector.matches(labels.get(namespace))) &&
    term.selector.matches(pod.metadata.labels)
  );
};

const none: readonly OwnTerm[] = [];
const known = new WeakMap<object, readonly OwnTerm[]>();

/** All terms of a Pod. */
export function ownTerms(pod: Pod): readonly OwnTerm[] {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return none;
  const found = known.get(pod);
  if (found) return found;
  const sides = [
    ['affinity', podAffinity],
    ['antiAffinity', podAntiAffinity],
  ] as const;
  const terms = sides.flatMap(([is, side]) => [
    ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => own(is, term, pod)),
    ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
      own(is, podAffinityTerm, pod, weight),
    ),
  ]);
  known.set(pod, terms);
  return terms;
}

function own(is: OwnTerm['is'], term: PodAffinityTerm, pod: Pod, weight?: number): OwnTerm {
  const { namespaces = [], namespaceSelector, topologyKey, labelSelector } = term;
  // Without a word on namespaces it is the Pod's own.
  const named = namespaces.length === 0 && !namespaceSelector ? [pod.metadata.namespace ?? ''] : namespaces;
  const keys = keyRequirements(pod, term.matchLabelKeys, term.mismatchLabelKeys);
  return {
    is,
    key: JSON.stringify([is, weight, topologyKey, named, namespaceSelector, labelSelector, keys]),
    topologyKey,
    selector: withKeys(labelSelectorFrom(labelSelector), keys),
    namespaces: named,
    namespaceSelector: selectorOfNamespaces(namespaceSelector),
    hasNamespaceSelector: !!namespaceSelector,
    ...(weight !== undefined && { weight }),
  };
}

const selectorOfNamespaces = (selector: PodAffinityTerm['namespaceSelector']): Selector =>
  !selector ? nothing : isEmpty(selector) ? everything : labelSelectorFrom(selector);

const isEmpty = ({ matchLabels, matchExpressions }: NonNullable<PodAffinityTerm['namespaceSelector']>) =>
  !Object.keys(matchLabels ?? {}).length && !matchExpressions?.length;

/** Returns what a Pod's own labels add to a selector; keys that it has no label of add nothing. */
export function keyRequirements(pod: Pod, match: string[] = [], mismatch: string[] = []): Requirement[] {
  const required = (operator: 'In' | 'NotIn') => (key: string) => {
    const value = ownValue(pod.metadata.labels, key);
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  };
  return [...match.flatMap(required('In')), ...mismatch.flatMap(required('NotIn'))];
}

/** A selector with further requirements; one that matches nothing stays so. */
export const withKeys = (selector: Selector, keys: Requirement[]): Selector =>
  keys.length === 0 || selector === nothing ? selector : new Selector([...selector.requirements, ...keys]);
