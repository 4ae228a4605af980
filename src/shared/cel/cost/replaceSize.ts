import { plus, type Range, times } from './range.ts';

/** Returns how long a text may become when parts of it are replaced. */
export function replaceSize(text: Range, from: Range, to: Range): Range {
  const most = bound(text.max, from.min, to.max <= from.min);
  const least = bound(text.min, from.max, from.max <= to.min);
  const count = { min: least.count, max: most.count };
  return plus(times(count, to), { min: least.kept, max: most.kept });
}

/**
 * Returns how often a part is replaced, and how much stays beside: for the longest result the shortest part, and
 * reversed.
 */
function bound(text: number, part: number, unchanged: boolean): { count: number; kept: number } {
  // What is empty is found around every character.
  if (part === 0) return { count: text + 1, kept: text };
  return unchanged ? { count: 0, kept: text } : { count: Math.ceil(text / part), kept: 0 };
}
