/** Headers, as pairs in a row, by their names. */
export function grouped(pairs: readonly string[]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {};
  for (let i = 0; i < pairs.length; i += 2) {
    const [name, value] = [pairs[i]!.toLowerCase(), pairs[i + 1]!];
    const known = Object.hasOwn(all, name) ? all[name]! : undefined;
    if (known === undefined) all[name] = value;
    else if (!single.has(name)) all[name] = [...[known].flat(), value];
  }
  return all;
}

/** Of these Node says one only. */
const single: ReadonlySet<string> = new Set(['host', 'content-length', 'content-type', 'grpc-timeout']);
