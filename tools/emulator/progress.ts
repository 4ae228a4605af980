/** Tells what is being done, and every few seconds that it still is; what tools say is told by its count only. */
export interface Progress {
  /** Begins a step; the one before it has ended. */
  step(what: string): void;
  /** A line of the CDK. */
  line(text: string): void;
  end(): void;
}

export interface ProgressOptions {
  say(line: string): void;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Calls again and again until it is stopped. */
  every(milliseconds: number, call: () => void): { stop(): void };
}

const tellEveryMs = 5_000;
/** `Stack |  12/150 | 3:14:15 PM | CREATE_COMPLETE | …`: so many resources are done. */
const count = /\|\s*(\d+)\/(\d+) \|/;

export function progressOf({ say, now, every }: ProgressOptions): Progress {
  let step: { since: number; done?: string } | undefined;
  const seconds = (since: number) => `${Math.round((now() - since) / 1000)} s`;
  const detail = (done?: string) => (done ? `, ${done} resources` : '');
  const finish = () => {
    if (step) say(`  done after ${seconds(step.since)}${detail(step.done)}`);
    step = undefined;
  };
  const ticking = every(tellEveryMs, () => {
    // A step that has only just begun was told a moment ago.
    if (step && now() - step.since >= tellEveryMs / 2) say(`  … ${seconds(step.since)}${detail(step.done)}`);
  });
  return {
    step: (what) => {
      finish();
      step = { since: now() };
      say(what);
    },
    line: (text) => {
      const [, done, all] = count.exec(text) ?? [];
      if (step && done && all) step.done = `${done} of ${all}`;
    },
    end: () => {
      finish();
      ticking.stop();
    },
  };
}
