/** What histories met, by the kind of history and then by what is counted. */
export type Tally = Record<string, Record<string, number>>;

/** Adds `more` to `tally`. */
export function addTo(tally: Tally, more: Tally): void {
  for (const [kind, counts] of Object.entries(more)) {
    tally[kind] ??= {};
    for (const [what, count] of Object.entries(counts)) tally[kind][what] = (tally[kind][what] ?? 0) + count;
  }
}

/** A line for each kind: `2 by service, preStop: histories 12, connections 3000`. */
export const linesOf = (tally: Tally): string[] =>
  Object.entries(tally)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([kind, counts]) => {
      const told = Object.entries(counts).filter(([, count]) => count > 0);
      return `${kind}: ${told.map(([what, count]) => `${what} ${count}`).join(', ')}`;
    });
