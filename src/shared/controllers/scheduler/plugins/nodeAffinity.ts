import type { Node, NodeSelectorTerm, Pod, PodSpec } from '../../../kinds/schema/types.ts';
import { operatorHolds } from '../../../meta/labels.ts';
import { ownValue } from '../../../meta/table.ts';
import { selectsMap } from '../../common/selector.ts';
import { type Filter, forGood, inProportion, type Prepared, type Score } from '../plugin.ts';

/** Keeps Pods off Nodes that they do not select. */
export const nodeAffinity: Filter = {
  name: 'NodeAffinity',
  prepare({ spec }): Prepared | undefined {
    const terms = requiredTerms(spec);
    if (!terms && !spec?.nodeSelector) return undefined;
    const names = terms && namesIn(terms);
    if (names?.size === 0) return { refusal: 'pod affinity terms conflict' };
    return {
      ...(names && { only: names }),
      check: ({ node }) =>
        selectsNode(spec, node) ? undefined : forGood("node(s) didn't match Pod's node affinity/selector"),
    };
  },
};

/** Prefers Nodes that a Pod says it likes. */
export const nodePreference: Score = {
  name: 'NodeAffinity',
  weight: 2,
  prepare({ spec }) {
    const preferred = spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    return {
      score: ({ node }) =>
        preferred.reduce(
          (sum, { weight, preference }) => sum + (termMatches(preference, node) ? weight : 0),
          0,
        ),
      normalize: (scores) => inProportion(scores),
    };
  },
};

/** Returns whether the selector and the required affinity of the spec let it go to the Node. */
export function selectsNode(spec: PodSpec | undefined, node: Node): boolean {
  if (spec?.nodeSelector && !selectsMap(spec.nodeSelector, node.metadata.labels)) return false;
  const terms = requiredTerms(spec);
  return !terms || anyTermMatches(terms, node);
}

/** Returns whether one of the terms of a node selector matches. */
export const anyTermMatches = (terms: NodeSelectorTerm[], node: Node): boolean =>
  terms.some((term) => termMatches(term, node));

const requiredTerms = (spec: Pod['spec']): NodeSelectorTerm[] | undefined =>
  spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;

/** A term without requirements matches nothing. */
const termMatches = ({ matchExpressions, matchFields }: NodeSelectorTerm, node: Node): boolean =>
  !!(matchExpressions?.length || matchFields?.length) &&
  (matchExpressions ?? []).every((r) =>
    operatorHolds(r.operator, ownValue(node.metadata.labels, r.key), r.values ?? []),
  ) &&
  (matchFields ?? []).every((r) => operatorHolds(r.operator, node.metadata.name, r.values ?? []));

/** The names of the only Nodes that the terms can match; undefined where one of them does not name any. */
function namesIn(terms: NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values = [] }) => values);
    const [first, ...others] = lists;
    if (!first) return undefined;
    for (const name of first) if (others.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}
