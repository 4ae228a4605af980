/** Describes what a list of values gains and loses by a change; each value once. */
export interface Turnover {
  gained: readonly string[];
  lost: readonly string[];
}

const none: Turnover = { gained: [], lost: [] };

/** Most changes of most objects: nothing. */
export function turnover(before: readonly string[] = [], after: readonly string[] = []): Turnover {
  if (before.length === 0 && after.length === 0) return none;
  const [old, now] = [new Set(before), new Set(after)];
  return {
    gained: [...now].filter((value) => !old.has(value)),
    lost: [...old].filter((value) => !now.has(value)),
  };
}
