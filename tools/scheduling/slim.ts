const unused = ['nodeInfo', 'daemonEndpoints', 'image'];

/** A row without what Go writes for fields that nobody set, and what no scheduler looks at. */
export function slim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slim);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, each]) => each !== null && !unused.includes(key))
    .map(([key, each]) => [key, slim(each)] as const)
    .filter(([key, each]) => !(key === 'status' && Object.keys(each as object).length === 0));
  return Object.fromEntries(entries);
}
