import { compareItems } from './keys.ts';

/** Describes what an item was at the snapshot; undefined: it was not there. */
export type Rewound<T> = ReadonlyMap<string, T | undefined>;

/**
 * The past from the present: `current` (in key order) with the items of `rewound` as they were then.
 * `rewound` holds every item of the scope that changed since.
 */
export function* asOf<T>(current: Iterable<[string, T]>, rewound: Rewound<T>): Generator<[string, T]> {
  const past = [...rewound]
    .filter((entry): entry is [string, T] => entry[1] !== undefined)
    .sort(([a], [b]) => compareItems(a, b));
  let next = 0;
  for (const entry of current) {
    if (rewound.has(entry[0])) continue;
    while (next < past.length && compareItems(past[next]![0], entry[0]) < 0) yield past[next++]!;
    yield entry;
  }
  yield* past.slice(next);
}

/** Takes `limit` entries (0: all) and counts the rest, unless `left` tells how many there were. */
export function takePage<T>(
  entries: Iterable<[string, T]>,
  limit: number,
  left?: number,
): { page: [string, T][]; remaining: number } {
  if (!limit) return { page: [...entries], remaining: 0 };
  const page: [string, T][] = [];
  let remaining = 0;
  for (const entry of entries) {
    if (page.length < limit) page.push(entry);
    else if (left === undefined) remaining++;
    else break;
  }
  return { page, remaining: left === undefined ? remaining : left - page.length };
}
