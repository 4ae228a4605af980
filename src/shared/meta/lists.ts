/** Appends lists of any length: `push(...list)` makes an argument of each item, and fails beyond some 100,000. */
export function addAll<T>(target: T[], ...lists: readonly (readonly T[])[]): void {
  for (const list of lists) for (const item of list) target.push(item);
}
