import type { Clock } from '../../clock/clock.ts';

/** Calls back for each key once its time has come. One sleeper for all keys; nothing runs while none is due. */
export class Delays {
  #due = new Map<string, number>();
  #heap: { at: number; key: string }[] = [];
  #wake = new AbortController();
  #wakesAt = Number.POSITIVE_INFINITY;
  readonly #clock: Clock;
  readonly #fire: (key: string) => void;

  constructor(clock: Clock, fire: (key: string) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** A key that waits already keeps the earlier time. */
  add(key: string, ms: number): void {
    const at = this.#clock.now() + ms;
    const known = this.#due.get(key);
    if (known !== undefined && known <= at) return;
    this.#due.set(key, at);
    push(this.#heap, { at, key });
    if (at < this.#wakesAt) this.#sleep();
  }

  cancel(key: string): void {
    this.#due.delete(key);
  }

  stop(): void {
    this.#due.clear();
    this.#heap = [];
    this.#wake.abort();
  }

  get size(): number {
    return this.#due.size;
  }

  #sleep(): void {
    this.#wake.abort();
    const next = this.#heap[0];
    if (!next) {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      return;
    }
    const wake = new AbortController();
    this.#wake = wake;
    this.#wakesAt = next.at;
    void this.#clock.sleep(Math.max(0, next.at - this.#clock.now()), wake.signal).then(() => {
      if (!wake.signal.aborted) this.#ring();
    });
  }

  #ring(): void {
    const now = this.#clock.now();
    while (this.#heap[0] && this.#heap[0].at <= now) {
      const { key, at } = pop(this.#heap);
      // Entries of a key that was moved or cancelled are left in the heap until they surface here.
      if (this.#due.get(key) !== at) continue;
      this.#due.delete(key);
      this.#fire(key);
    }
    this.#sleep();
  }
}

type Entry = { at: number; key: string };

function push(heap: Entry[], entry: Entry): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent]!.at <= entry.at) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

function pop(heap: Entry[]): Entry {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
    if (heap[child]!.at >= last.at) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
