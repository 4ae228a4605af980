import type { LogOptions } from '../ports/cloud.ts';

/** One write of a container, as kept in a log. */
export interface LogLine {
  /** RFC 3339 with nanoseconds: `2006-01-02T15:04:05.000000000Z`. */
  time: string;
  /** Without the line feed. */
  text: string;
  /** The line was cut and goes on in the next one. */
  partial?: boolean;
}

/** The lines a request wants: those since a time, and of these the last `tailLines`. */
export function selectLines(lines: LogLine[], { sinceMs, tailLines }: LogOptions): LogLine[] {
  const since = sinceMs === undefined ? '' : logTime(sinceMs);
  const late = since ? lines.filter(({ time }) => time >= since) : lines;
  return tailLines === undefined ? late : late.slice(tailStart(late, tailLines));
}

/** Returns where the last `count` whole lines begin; the parts of one line count once. */
function tailStart(lines: LogLine[], count: number): number {
  let start = lines.length;
  for (let left = count; start > 0; start--) {
    const ends = start === lines.length || !lines[start - 1]?.partial;
    if (ends && left-- === 0) break;
  }
  return start;
}

export const renderLine = ({ time, text, partial }: LogLine, timestamps?: boolean): string =>
  `${timestamps ? `${time} ` : ''}${text}${partial ? '' : '\n'}`;

/** The instant as the log keeps it. */
export const logTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000000Z`;

/** Counts down `limitBytes`, cutting the chunk that goes over it. `done` when nothing more may follow. */
export function byteLimit(limit: number | undefined): {
  take(chunk: Uint8Array): Uint8Array;
  readonly done: boolean;
} {
  let left = limit ?? Number.POSITIVE_INFINITY;
  return {
    take(chunk) {
      const taken = chunk.length <= left ? chunk : chunk.subarray(0, left);
      left -= taken.length;
      return taken;
    },
    get done() {
      return left <= 0;
    },
  };
}
