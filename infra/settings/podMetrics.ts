import type { Reader } from './context.ts';

const usualSeconds = 60;
const [least, most] = [20, 600];

/** Reads how often Pods tell what they use, in seconds; undefined when they do not. Throws an error that names the key. */
export function readPodMetrics({ text, needed }: Reader): number | undefined {
  const value = text('podMetrics') ?? 'false';
  if (value === 'false') return undefined;
  needed('domain', 'podMetrics');
  if (value === 'true') return usualSeconds;
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new Error(
    `-c podMetrics is true, false, or ${least} to ${most} seconds, not ${JSON.stringify(value)}`,
  );
}
