import { PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** MiB. V8 would let it grow to 64 on a machine with much memory, and hardly be faster for it. */
const youngGenerationMiB = 8;
/** Old objects are collected when the heap is half again as large as what was live; V8 would wait for up to four times. */
const growthPercent = 50;
/** Describes when a process gives back what it does not use. */
export interface Rest {
  /** Milliseconds without a collection, hence without much work, after which it is looked whether the process rests. */
  quietMs: number;
  /** Milliseconds from one pause to the next at least. */
  betweenMs: number;
  /** MiB. Less is not worth a pause. */
  leastSpareMiB: number;
}

const usual: Rest = { quietMs: 2_000, betweenMs: 60_000, leastSpareMiB: 8 };
/** The part of the quiet time in which a process that rests is busy at most. */
const mostBusy = 0.005;
/** MiB. More takes so long to go through that a request which comes just then would be kept waiting. */
const mostUsedMiB = 64;

/**
 * Keeps this process small, however much memory the machine has: V8 sizes its heap for programs that have the machine to
 * themselves. What start-up or a burst of requests has left is given back once nothing is asked any more. Works without flags
 * on the command line, which users and package managers would have to know.
 */
export function keepHeapSmall({ quietMs, betweenMs, leastSpareMiB }: Rest = usual): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  let isBounded = false;
  let since = performance.eventLoopUtilization();
  let rested = Number.NEGATIVE_INFINITY;
  const wait = () => {
    since = performance.eventLoopUtilization();
    quiet.refresh();
  };
  const look = () => {
    if (!isWorthAPause(leastSpareMiB)) return;
    const { utilization } = performance.eventLoopUtilization(since);
    if (utilization > mostBusy || performance.now() - rested < betweenMs) {
      wait();
      return;
    }
    rested = performance.now();
    // What has been given back may be taken again.
    setFlagsFromString('--semi-space-growth-factor=2');
    isBounded = false;
    collect();
  };
  const quiet = setTimeout(look, quietMs).unref();
  // V8 tells of each collection, so that a process that rests is not woken to look whether it does.
  const observer = new PerformanceObserver(() => {
    wait();
    // The limit itself can only be given at start, but V8 asks for the factor each time it grows the young generation.
    if (isBounded || youngGeneration() < 2 * youngGenerationMiB) return;
    isBounded = true;
    setFlagsFromString('--semi-space-growth-factor=1');
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** MiB of both halves. */
const youngGeneration = (): number =>
  (getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0) / 2 ** 20;

function isWorthAPause(leastSpareMiB: number): boolean {
  const { total_physical_size: held, used_heap_size: used } = getHeapStatistics();
  return held - used >= leastSpareMiB * 2 ** 20 && used <= mostUsedMiB * 2 ** 20;
}

/** Collects all that can be, and gives back the room that it leaves: some tens of milliseconds. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: object) => void;
  setFlagsFromString('--no-expose-gc');
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
