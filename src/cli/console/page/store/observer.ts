import { askJson, batches, Refusal } from '../api/ask.ts';
import type { Status, Thing } from '../api/types.ts';
import { changedBy, type Listed, listedAs, refused, unknown, type WatchEvent } from './listed.ts';

const pageSize = 500;
/** How long after a failure it is tried again. */
const againMs = 3000;

interface Line {
  of: number;
  event?: WatchEvent;
  status?: Status;
}

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
    while (!signal.aborted) {
      const paths = [...this.#looks.keys()];
      await Promise.all(paths.map((path) => this.listed(path).version ?? this.#list(path, signal)));
      const followed = paths.filter((path) => this.listed(path).version !== undefined);
      if (signal.aborted) return;
      // Those that were refused are tried again, though others go on well: a right may have been given meanwhile.
      if (followed.length < paths.length) setTimeout(() => !signal.aborted && this.#restart(), againMs);
      if (followed.length === 0) return;
      if (!(await this.#follow(followed, signal))) await pause(againMs, signal);
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

  /** Until the stream ends; answers whether it did so as streams do. */
  async #follow(paths: string[], signal: AbortSignal): Promise<boolean> {
    const search = paths.map((path) => {
      const glue = path.includes('?') ? '&' : '?';
      return `path=${encodeURIComponent(`${path}${glue}resourceVersion=${this.listed(path).version}`)}`;
    });
    let isWell = true;
    try {
      for await (const lines of batches(`watch?${search.join('&')}`, signal)) {
        const byPath = Map.groupBy(
          lines.map((line) => JSON.parse(line) as Line),
          ({ of }) => paths[of]!,
        );
        for (const [path, told] of byPath) {
          const events = told.flatMap(({ event }) => event ?? []);
          if (events.length) this.#put(path, changedBy(this.listed(path), events));
          for (const { status } of told) {
            if (!status) continue;
            isWell = status.code === 410;
            this.#put(path, refused(this.listed(path), status));
          }
        }
      }
    } catch (error) {
      if (signal.aborted) return true;
      isWell = false;
      for (const path of paths) this.#put(path, { ...this.listed(path), problem: statusOf(error) });
    }
    return isWell;
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
