/** Appends lists of any length: `push(...list)` makes an argument of each item, and fails beyond some 100,000. */
export function addAll<T>(target: T[], ...lists: readonly (readonly T[])[]): void {
  for (const list of lists) for (const item of list) target.push(item);
}

/** Appends an item to the list of a key, which begins with it. */
export function addTo<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
