import type { Reader } from './context.ts';

/** Each request that waits holds an execution: so many leave the controllers enough to start Pods with. */
const leastConcurrency = 200;

/** Reads whether Services are scaled to zero where they ask for it. Throws an error that names the key. */
export function readScaleToZero({ flag }: Reader, concurrency: number): boolean {
  const scaleToZero = flag('scaleToZero', false);
  if (scaleToZero && concurrency < leastConcurrency)
    throw new Error(
      `-c scaleToZero=true needs -c concurrency=${leastConcurrency} or more: requests that wait hold executions`,
    );
  return scaleToZero;
}
