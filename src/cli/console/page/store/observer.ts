import { askJson, batches, Refusal } from '../api/ask.ts';
import type { Status, Thing } from '../api/types.ts';
import { changedBy, type Listed, listedAs, refused, unknown, type WatchEvent } from './listed.ts';

const pageSize = 500;
/** How long after a failure it is tried again; longer after a refusal, which lasts until somebody gives a right. */
const againMs = 3000;
const allowedMs = 30_000;
const breakMs = 500;

interface Line {
  of: number;
  event?: WatchEvent;
  status?: Status;
}

/** Leaves lists alone until it is time to try again. */
type GiveUp = (paths: readonly string[]) => void;

/**
 * Keeps lists as they are on the server while somebody looks at them: lists, then watches from there, all in one stream, and
 * goes on where a stream ended. Which lists those are is asked of nobody else: each `look` names one, until its end.
 */
export class Observer {
  readonly #looks = new Map<string, number>();
  readonly #lists = new Map<string, Listed>();
  readonly #heard = new Set<() => void>();
  #round = new AbortController();
  #isWaiting = false;

  /** Keeps a list as it is now, until the function is called that this answers. */
  look(path: string): () => void {
    this.#looks.set(path, (this.#looks.get(path) ?? 0) + 1);
    this.#restart();
    return () => {
      const left = this.#looks.get(path)! - 1;
      if (left) this.#looks.set(path, left);
      else this.#looks.delete(path);
      this.#restart();
    };
  }

  /** The list as far as it is known; the same value until it changes. */
  listed(path: string): Listed {
    return this.#lists.get(path) ?? unknown;
  }

  /** Hears of every change, until the function is called that this answers. */
  onChange(hear: () => void): () => void {
    this.#heard.add(hear);
    return () => this.#heard.delete(hear);
  }

  /** A view that goes and another that comes want other lists: one round of changes is enough for both. */
  #restart(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#round.abort();
      this.#round = new AbortController();
      for (const path of this.#lists.keys()) if (!this.#looks.has(path)) this.#lists.delete(path);
      void this.#keep(this.#round.signal);
    });
  }

  async #keep(signal: AbortSignal): Promise<void> {
    // Those wait for the next round: who may list and not watch would else list without end.
    const refusedHere = new Set<string>();
    while (!signal.aborted) {
      const paths = [...this.#looks.keys()].filter((path) => !refusedHere.has(path));
      await Promise.all(paths.map((path) => this.listed(path).version ?? this.#list(path, signal)));
      const followed = paths.filter((path) => this.listed(path).version !== undefined);
      if (signal.aborted) return;
      const giveUp = (given: readonly string[]) => {
        for (const path of given) refusedHere.add(path);
        this.#tryAgain(given, signal);
      };
      giveUp(paths.filter((path) => !followed.includes(path)));
      if (followed.length === 0) return;
      // A server that ends each watch at once is not asked without a break.
      await Promise.all([this.#follow(followed, signal, giveUp), pause(breakMs, signal)]);
    }
  }

  async #list(path: string, signal: AbortSignal): Promise<void> {
    try {
      const items: Thing[] = [];
      let metadata: { resourceVersion?: string; continue?: string } | undefined;
      do {
        const more = metadata?.continue ? `&continue=${encodeURIComponent(metadata.continue)}` : '';
        const page = await askJson<{ items?: Thing[]; metadata?: typeof metadata }>(
          `${path}${path.includes('?') ? '&' : '?'}limit=${pageSize}${more}`,
          signal,
        );
        items.push(...(page.items ?? []));
        metadata = page.metadata;
      } while (metadata?.continue);
      this.#put(path, listedAs(items, metadata?.resourceVersion));
    } catch (error) {
      if (!signal.aborted) this.#put(path, refused(this.listed(path), statusOf(error)));
    }
  }

  /** Those that cannot be had are listed again, though others go on well. */
  #tryAgain(paths: readonly string[], signal: AbortSignal): void {
    if (paths.length === 0) return;
    const isRefused = paths.every((path) => (this.listed(path).problem?.code ?? 0) < 500);
    const timer = setTimeout(() => this.#restart(), isRefused ? allowedMs : againMs);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  /** Until the stream ends, which it does when one of its watches ends. Those that are refused are given up. */
  async #follow(paths: string[], signal: AbortSignal, giveUp: GiveUp): Promise<void> {
    const search = paths.map((path) => {
      const glue = path.includes('?') ? '&' : '?';
      return `path=${encodeURIComponent(`${path}${glue}resourceVersion=${this.listed(path).version}`)}`;
    });
    try {
      for await (const lines of batches(`watch?${search.join('&')}`, signal)) {
        const byPath = Map.groupBy(
          lines.map((line) => JSON.parse(line) as Line),
          ({ of }) => paths[of]!,
        );
        for (const [path, told] of byPath) this.#hear(path, told, giveUp);
      }
    } catch (error) {
      if (signal.aborted) return;
      for (const path of paths) this.#put(path, refused(this.listed(path), statusOf(error)));
      // A stream that breaks off is no refusal: the lists are read again at once.
      if (error instanceof Refusal) giveUp(paths);
    }
  }

  #hear(path: string, lines: readonly Line[], giveUp: GiveUp): void {
    const events = lines.flatMap(({ event }) => event ?? []);
    if (events.length) this.#put(path, changedBy(this.listed(path), events));
    const status = lines.findLast((line) => line.status)?.status;
    if (!status) return;
    this.#put(path, refused(this.listed(path), status));
    // The stream goes on with the others.
    if (status.code === 410) this.#restart();
    else giveUp([path]);
  }

  #put(path: string, listed: Listed): void {
    this.#lists.set(path, listed);
    for (const hear of this.#heard) hear();
  }
}

const statusOf = (error: unknown): Status =>
  error instanceof Refusal ? error.status : { message: (error as Error).message };

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
