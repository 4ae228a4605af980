/** Labels and selectors as Kubernetes writes them: `app=x,tier in (a,b),!canary`. */
import type { LabelSelector, LabelSelectorRequirement } from '../schema/types.ts';

/** A map of labels; `<none>` when it is empty. */
export function labelsText(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort();
  return pairs.join(',') || '<none>';
}

/** A selector with its requirements in the order of their keys; empty when it selects everything or nothing. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  const other = (selector?.matchExpressions ?? []).map((r) => ({ key: r.key, text: requirementText(r) }));
  return [...equal, ...other]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(',');
}

function requirementText({ key, operator, values }: LabelSelectorRequirement): string {
  const list = [...(values ?? [])].sort().join(',');
  switch (operator) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
