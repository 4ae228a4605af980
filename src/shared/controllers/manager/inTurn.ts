/** Runs one function, never twice at the same time. */
export interface InTurn {
  /** Runs once more, after the run that is under way: that one may have looked too early. */
  look(): void;
  /** Resolves when nothing runs any more. */
  settled(): Promise<void>;
}

/** Runs `work` on demand, never twice at the same time and never in vain. Errors go to `failed`. */
export function inTurn(work: () => Promise<void>, failed: (error: unknown) => void): InTurn {
  let running: Promise<void> | undefined;
  let isWanted = false;
  const run = async () => {
    while (isWanted) {
      isWanted = false;
      await work().catch(failed);
    }
    running = undefined;
  };
  return {
    look() {
      isWanted = true;
      running ??= run();
    },
    settled: async () => running,
  };
}
