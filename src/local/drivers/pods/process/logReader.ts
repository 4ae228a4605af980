import type { FileHandle } from 'node:fs/promises';
import { byteLimit, logTime, renderLine } from '../../../../shared/podspec/logLines.ts';
import type { LogOptions } from '../../../../shared/ports/cloud.ts';
import { parseCriLine, type Rotation, streamOf } from './criLog.ts';
import { followingPart, type LogPart, openLog, tailPosition } from './logParts.ts';

export interface Growing {
  /** Nothing more will be written. */
  readonly ended: boolean;
  /** Resolves when there may be more, or when `signal` aborts. */
  more(signal?: AbortSignal): Promise<void>;
}

/**
 * A log as a request wants it: what stands in it now, with `follow` also what is written until `growing` has ended,
 * across rotations.
 */
export async function* readLog(
  file: string,
  rotation: Rotation,
  options: LogOptions,
  growing: Growing,
  stream?: 'stdout' | 'stderr',
): AsyncGenerator<Uint8Array> {
  const limit = byteLimit(options.limitBytes);
  const since = options.sinceMs === undefined ? '' : logTime(options.sinceMs);
  for await (const batch of batches(file, rotation, options, growing)) {
    const text = batch
      .filter((line) => !stream || streamOf(line) === stream)
      .map(parseCriLine)
      .filter(({ time }) => time >= since)
      .map((line) => renderLine(line, options.timestamps))
      .join('');
    if (text) yield limit.take(Buffer.from(text, 'latin1'));
    if (limit.done || options.signal?.aborted) return;
  }
}

/** Lines in the order they were written, many at a time. */
async function* batches(file: string, rotation: Rotation, options: LogOptions, growing: Growing) {
  const parts = await openLog(file, rotation);
  try {
    let { first, position } = await startOf(parts, options.tailLines);
    for (; first < parts.length; first++) {
      const { handle, size } = parts[first]!;
      for await (const { lines, end } of linesOf(handle, position, size)) {
        yield lines;
        position = end;
      }
      if (first < parts.length - 1) position = 0;
    }
    if (options.follow) yield* growth(file, rotation, parts, position, options, growing);
  } finally {
    for (const { handle } of parts) await handle.close();
  }
}

/** Returns what is written after `position` of the last part, and into later parts. Parts that it opens are added. */
async function* growth(
  file: string,
  rotation: Rotation,
  parts: LogPart[],
  position: number,
  { signal }: LogOptions,
  growing: Growing,
) {
  let from = position;
  while (!signal?.aborted) {
    const over = growing.ended;
    const last = parts.at(-1);
    // Looked for first: when there is one, the last one grows no more.
    const next = await followingPart(file, rotation, last);
    for await (const { lines, end } of last ? linesOf(last.handle, from) : []) {
      yield lines;
      from = end;
    }
    if (next) {
      parts.push(next);
      await last?.handle.close();
      parts.splice(0, parts.length - 1);
      from = 0;
    } else if (over) return;
    else await growing.more(signal);
  }
}

/** Returns where the last `tailLines` lines begin. */
async function startOf(parts: LogPart[], tailLines: number | undefined) {
  let missing = tailLines ?? 0;
  for (let first = parts.length - 1; tailLines !== undefined && first >= 0; first--) {
    const found = await tailPosition(parts[first]!, missing);
    if (!found.missing) return { first, position: found.position };
    missing = found.missing;
  }
  return { first: 0, position: 0 };
}

/** The whole lines of a part between two places. */
async function* linesOf(handle: FileHandle, from: number, to = Number.POSITIVE_INFINITY) {
  const buffer = Buffer.alloc(65_536);
  let at = from;
  let rest = '';
  while (at < to) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (!bytesRead) return;
    at += bytesRead;
    const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length) yield { lines, end: at - rest.length };
  }
}
