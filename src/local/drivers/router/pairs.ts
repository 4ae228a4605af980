/** Of these Node says one only. */
const single: ReadonlySet<string> = new Set(['host', 'content-length', 'content-type', 'grpc-timeout']);

/** Headers, as pairs in a row, by their names in lower case. */
export function grouped(pairs: readonly string[]): Record<string, string | string[]> {
  const all = new Map<string, string | string[]>();
  for (let i = 0; i < pairs.length; i += 2) {
    const [name, value] = [pairs[i]!.toLowerCase(), pairs[i + 1]!];
    const known = all.get(name);
    if (known === undefined) all.set(name, value);
    else if (!single.has(name)) all.set(name, [...[known].flat(), value]);
  }
  return Object.fromEntries(all);
}
