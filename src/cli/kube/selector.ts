interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A selector of an object's spec as a query: a LabelSelector, or the plain map of a Service. */
export function selectorText(selector: LabelSelector | Record<string, string> | undefined): string {
  if (!selector) return '';
  const { matchLabels, matchExpressions } = selector as LabelSelector;
  const isPlain = matchLabels === undefined && matchExpressions === undefined;
  const labels = isPlain ? (selector as Record<string, string>) : (matchLabels ?? {});
  const equal = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`);
  const others = (isPlain ? [] : (matchExpressions ?? [])).map(({ key, operator, values }) => {
    const list = `(${[...(values ?? [])].sort().join(',')})`;
    if (operator === 'In') return `${key} in ${list}`;
    if (operator === 'NotIn') return `${key} notin ${list}`;
    return operator === 'Exists' ? key : `!${key}`;
  });
  return [...equal, ...others].join(',');
}
