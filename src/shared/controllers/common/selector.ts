import type { LabelSelector } from '../../kinds/schema/types.ts';

type Labels = Record<string, string> | undefined;

/** Whether a LabelSelector object selects these labels; an empty or absent selector selects nothing here. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return false;
  return (
    selectsMap(matchLabels, labels) &&
    matchExpressions.every(({ key, operator, values = [] }) => matches(operator, labels?.[key], values))
  );
}

/** Every pair of `wanted` is among the labels. */
export const selectsMap = (wanted: Record<string, string>, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels?.[key] === value);

/** The operators of label selectors and of node selectors. */
export function matches(operator: string, value: string | undefined, values: string[]): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
