/** The choice that somebody who typed `word` most likely meant; undefined when none is near. */
export function nearest(word: string, choices: string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const [best] = choices
    .map((choice) => ({ choice, distance: choice.startsWith(word) ? 0 : distance(word, choice) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return best?.choice;
}

/** Returns how many letters have to be changed, added, taken away or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, swapped);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
