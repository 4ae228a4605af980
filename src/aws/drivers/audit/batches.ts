/** An event as CloudWatch Logs takes it. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  timestamp: number;
  message: string;
}

/** CloudWatch Logs counts so many bytes for each event beside its text. */
const overhead = 26;
/** Is what CloudWatch Logs took for as long as EKS has written there; it is four times that in most regions by now. */
export const mostEventBytes = 256 * 1024 - overhead;
const mostBatchBytes = 1_048_576;
const mostEvents = 10_000;
const mostSpanMs = 86_400_000;

/**
 * Splits events into requests of PutLogEvents, which takes so many events and bytes of one day at a time, in the order of
 * their times. Events of the same time stay in the order in which they came.
 */
export function batchesOf(lines: readonly LogLine[]): LogLine[][] {
  const batches: LogLine[][] = [];
  let current: LogLine[] = [];
  let bytes = 0;
  for (const line of [...lines].sort((a, b) => a.timestamp - b.timestamp)) {
    const size = Buffer.byteLength(line.message) + overhead;
    const [first = line] = current;
    const isFull =
      current.length === mostEvents ||
      bytes + size > mostBatchBytes ||
      line.timestamp - first.timestamp >= mostSpanMs;
    if (isFull) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(line);
    bytes += size;
  }
  return current.length ? [...batches, current] : batches;
}
