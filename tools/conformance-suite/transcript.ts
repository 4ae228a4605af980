import type { Outcome } from './results.ts';

/** A spec that ended, as the suite's output tells it. */
export interface Ended {
  name: string;
  outcome: Outcome;
  seconds: number;
  failure?: string;
}

/** Reads what `e2e.test -ginkgo.v` prints, line by line. */
export interface Transcript {
  /** The spec that runs now. */
  readonly current: string | undefined;
  /** Takes one more line; returns the spec that this line completes. */
  line(text: string): Ended | undefined;
  /** Returns the spec that was still running, or whose failure was still being told, when the output ended. */
  end(): Ended | undefined;
}

const outcomes: Record<string, Outcome> = {
  FAILED: 'failed',
  'PANICKED!': 'failed',
  SKIPPED: 'skipped',
  TIMEDOUT: 'timed out',
  INTERRUPTED: 'timed out',
};
const verdict = /^(?:•|S) (?:\[([A-Z]+!?)\] )?(?:\[SLOW TEST\] )?\[(\d+\.\d+) seconds\]/;
const separator = /^-{20,}$/;

/** `wanted`: the whole names of the specs that run; other lines that look like names are output of specs. */
export function transcript(wanted: Iterable<string>): Transcript {
  const names = new Set(wanted);
  let current: string | undefined;
  let ended: Ended | undefined;
  let told: string[] = [];

  const complete = (): Ended | undefined => {
    const result = ended && withFailure(ended, told);
    ended = undefined;
    told = [];
    return result;
  };

  return {
    get current() {
      return current;
    },
    line(text) {
      const line = text.trim();
      if (ended) {
        // What follows a verdict is the summary of the failure, up to the next separator.
        if (separator.test(line)) return complete();
        told.push(line);
        return undefined;
      }
      if (!current) {
        current = nameIn(line, names);
        return undefined;
      }
      const [match, word, seconds] = verdict.exec(line) ?? [];
      if (!match) return undefined;
      const outcome = word === undefined ? 'passed' : (outcomes[word] ?? 'failed');
      ended = { name: current, outcome, seconds: Number(seconds) };
      current = undefined;
      return outcome === 'passed' ? complete() : undefined;
    },
    end() {
      if (ended) return complete();
      const name = current;
      current = undefined;
      return name === undefined ? undefined : { name, outcome: 'crashed', seconds: 0 };
    },
  };
}

/** Ginkgo writes a spec's labels behind its name. */
const nameIn = (line: string, names: Set<string>): string | undefined => {
  if (names.has(line)) return line;
  const name = line.replace(/ \[[^\]]*\]$/, '');
  return names.has(name) ? name : undefined;
};

/** The sentence between `[FAILED]` and where it happened; of long ones the beginning. */
function withFailure(ended: Ended, told: string[]): Ended {
  if (ended.outcome === 'passed') return ended;
  const first = told.findIndex((line) => /^\[[A-Z]+!?\] /.test(line));
  if (first < 0) return ended;
  const last = told.findIndex((line, at) => at > first && /^In \[.*\] at: /.test(line));
  const words = told.slice(first, last < 0 ? undefined : last).join(' ');
  const failure = words
    .replace(/^\[[A-Z]+!?\] /, '')
    .replace(/\s+/g, ' ')
    .trim();
  return failure ? { ...ended, failure: failure.slice(0, 300) } : ended;
}
