/** Up to `most` of the items, any of them, in any order. */
export function some<T>(items: readonly T[], most: number, random: () => number): T[] {
  const all = [...items];
  const count = Math.min(most, all.length);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (all.length - i));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, count);
}
