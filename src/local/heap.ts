import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** MiB. V8 would let it grow to 64 on a machine with much memory, and hardly be faster for it. */
const youngGenerationMiB = 8;
/** Old objects are collected when the heap is half again as large as what was live; V8 would wait for up to four times. */
const growthPercent = 50;

/**
 * Keeps this process small, however much memory the machine has: V8 sizes its heap for programs that have the machine to
 * themselves. Works without flags on the command line, which users and package managers would have to know.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // The limit itself can only be given at start, but V8 asks for the factor each time it grows the young generation.
  const observer = new PerformanceObserver(() => {
    if (youngGeneration() < 2 * youngGenerationMiB) return;
    observer.disconnect();
    setFlagsFromString('--semi-space-growth-factor=1');
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** MiB of both halves. */
const youngGeneration = (): number =>
  (getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0) / 2 ** 20;
