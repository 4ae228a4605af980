export interface Sample {
  /** Since the beginning. */
  minute: number;
  /** MiB of the process's own, resident. */
  memory: number;
  /** MiB of files in memory: the program's, and the data's, which the system takes back when it needs them. */
  mapped: number;
  /** MiB that the heap uses. */
  heap: number;
  files: number;
  /** How late timers were, 99th percentile since the last look. */
  lateMs: number;
}

interface Rule {
  name: keyof Sample;
  title: string;
  unit: string;
  /** What it may grow from the second quarter to the last: a share of itself, or so much. */
  share: number;
  least: number;
}

const rules: Rule[] = [
  { name: 'memory', title: 'memory', unit: ' MiB', share: 0.15, least: 20 },
  // The log of changes reaches ten minutes back: until then the data file grows, and with it what is mapped.
  { name: 'mapped', title: 'mapped files', unit: ' MiB', share: 0.5, least: 50 },
  { name: 'heap', title: 'heap', unit: ' MiB', share: 0.25, least: 15 },
  { name: 'files', title: 'open files', unit: '', share: 0, least: 5 },
  { name: 'lateMs', title: 'event loop p99', unit: ' ms', share: 1, least: 20 },
];

/**
 * Compares the median of the second quarter with that of the last: the first is for warming up, and medians do not mind
 * where a collection happens to fall.
 */
export function verdict(samples: Sample[]): { lines: string[]; isFlat: boolean } {
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 2) return { lines: ['too few samples for a verdict'], isFlat: false };
  const found = rules.map(({ name, title, unit, share, least }) => {
    const before = median(samples.slice(quarter, 2 * quarter).map((sample) => sample[name]));
    const after = median(samples.slice(-quarter).map((sample) => sample[name]));
    const isFlat = after - before <= Math.max(least, before * share);
    const most = Math.max(...samples.map((sample) => sample[name]));
    return {
      isFlat,
      line: `${title}: ${before}${unit} in the second quarter, ${after}${unit} in the last, ${most}${unit} at most: ${isFlat ? 'flat' : 'grows'}`,
    };
  });
  return { lines: found.map(({ line }) => line), isFlat: found.every(({ isFlat }) => isFlat) };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
