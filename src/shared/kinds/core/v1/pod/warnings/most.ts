/** Is how many warnings of a sort are more than the headers of an answer can take. */
const mostShown = 1_000;

/** Takes so many of them: what stands in each other's way may be as many pairs as the square of it. */
export function most(warnings: Iterable<string>): string[] {
  const taken: string[] = [];
  for (const warning of warnings) if (taken.push(warning) >= mostShown) break;
  return taken;
}
