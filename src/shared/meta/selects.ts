import type { LabelSelector } from '../kinds/schema/types.ts';
import { operatorHolds } from './labels.ts';
import { ownValue } from './table.ts';

type Labels = Record<string, string> | undefined;

/** Returns whether a LabelSelector object selects these labels; an empty or absent selector selects nothing here. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return false;
  return (
    selectsMap(matchLabels, labels) &&
    matchExpressions.every(({ key, operator, values = [] }) =>
      operatorHolds(operator, ownValue(labels, key), values),
    )
  );
}

/** As Kubernetes reads the selector of a disruption budget: an empty one selects everything, an absent one nothing. */
export const selectsForBudget = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  !!selector &&
  ((!Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length) ||
    selects(selector, labels));

/** Every pair of `wanted` is among the labels. */
export const selectsMap = (wanted: Record<string, string>, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => ownValue(labels, key) === value);
