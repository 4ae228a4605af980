const patienceMs = 2_000;
const everyMs = 500;
const eraseLine = '\r\u001b[K';

/** Tells on a terminal what takes longer than two seconds, and for how long; nothing of it stays. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  #isShown = false;

  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
  }

  /** Answers what ends it. */
  start(text: string): () => void {
    const began = this.#now();
    const timer = setInterval(() => {
      const took = this.#now() - began;
      if (took < patienceMs) return;
      this.#isShown = true;
      this.#write(`${eraseLine}${text} (${Math.floor(took / 1_000)} s)`);
    }, everyMs);
    timer.unref();
    return () => {
      clearInterval(timer);
      this.clear();
    };
  }

  /** Makes room for a line. */
  clear(): void {
    if (this.#isShown) this.#write(eraseLine);
    this.#isShown = false;
  }
}
