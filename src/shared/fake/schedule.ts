import type { Clock } from '../clock/clock.ts';

interface Task {
  at: number;
  order: number;
  run: () => void;
}

/**
 * Runs things later by the clock, until `signal` aborts. However many wait, one sleeps: 10,000 Pods are a heap, not
 * 10,000 timers.
 */
export function createSchedule(clock: Clock, signal?: AbortSignal) {
  const heap: Task[] = [];
  let order = 0;
  let nap: AbortController | undefined;
  signal?.addEventListener('abort', () => {
    heap.length = 0;
    nap?.abort();
  });

  async function work() {
    while (heap.length) {
      nap = new AbortController();
      // Even without a delay it never runs within the call that asked for it.
      await clock.sleep(Math.max(0, heap[0]!.at - clock.now()), nap.signal);
      while (heap.length && heap[0]!.at <= clock.now()) pop(heap).run();
    }
    nap = undefined;
  }

  return (delayMs: number, run: () => void): void => {
    if (signal?.aborted) return;
    const task = { at: clock.now() + delayMs, order: order++, run };
    push(heap, task);
    if (!nap) void work();
    else if (heap[0] === task) nap.abort();
  };
}

const before = (a: Task, b: Task) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Task[], task: Task) {
  let i = heap.push(task) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(task, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = task;
}

function pop(heap: Task[]): Task {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (!heap.length) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
