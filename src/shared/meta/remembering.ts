/** Bounds what is kept: how many answers, and what they weigh together. */
export interface Bounds<K, V> {
  readonly most: number;
  readonly mostWeight?: number;
  weigh?(key: K, made: V): number;
}

/** Returns `make` as a function that keeps its last answers, for where nearly all that is asked are the same few. */
export function remembering<K, V>(
  { most, mostWeight = 0, weigh }: Bounds<K, V>,
  make: (key: K) => V,
): (key: K) => V {
  const known = new Map<K, V>();
  let weight = 0;
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    const own = weigh?.(key, made) ?? 0;
    if (known.size >= most || weight + own > mostWeight) {
      known.clear();
      weight = 0;
    }
    known.set(key, made);
    weight += own;
    return made;
  };
}
