import { type FileHandle, open, stat } from 'node:fs/promises';
import { byteLimit, logTime, renderLine } from '../../../../shared/podspec/logLines.ts';
import type { LogOptions } from '../../../../shared/ports/cloud.ts';
import { logFiles, parseCriLine, type Rotation, streamOf, tailPosition } from './criLog.ts';

export interface Growing {
  /** Nothing more will be written. */
  readonly ended: boolean;
  /** Resolves when there may be more, or when `signal` aborts. */
  more(signal?: AbortSignal): Promise<void>;
}

/** A log as a request wants it. Follows across rotations until `growing` has ended. */
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
  const { files, position } = await startOf(file, rotation, options.tailLines);
  let from = position;
  for (const each of files.slice(0, -1)) {
    const handle = await open(each);
    try {
      yield* linesFrom(handle, from);
    } finally {
      await handle.close();
    }
    from = 0;
  }
  let handle = await openLast(file, growing, options);
  try {
    while (handle) {
      const over = growing.ended;
      for await (const { lines, end } of linesWithEnd(handle, from)) {
        from = end;
        yield lines;
      }
      const rotated = await hasRotated(handle, file);
      if (rotated) {
        for await (const { lines } of linesWithEnd(handle, from)) yield lines;
        await handle.close();
        handle = await open(file);
        from = 0;
      } else if (!options.follow || over || options.signal?.aborted) return;
      else if (!growing.ended) await growing.more(options.signal);
    }
  } finally {
    await handle?.close();
  }
}

async function startOf(file: string, rotation: Rotation, tailLines: number | undefined) {
  const files = await logFiles(file, rotation);
  if (tailLines === undefined) return { files, position: 0 };
  let missing = tailLines;
  for (let i = files.length - 1; i >= 0; i--) {
    const found = await tailPosition(files[i]!, missing);
    if (!found.missing || i === 0) return { files: files.slice(i), position: found.position };
    missing = found.missing;
  }
  return { files, position: 0 };
}

async function openLast(file: string, growing: Growing, { follow, signal }: LogOptions) {
  for (;;) {
    const handle = await open(file).catch(() => undefined);
    if (handle || !follow || growing.ended || signal?.aborted) return handle;
    await growing.more(signal);
  }
}

const hasRotated = async (handle: FileHandle, file: string) =>
  (await stat(file).then(
    ({ ino }) => ino,
    () => 0,
  )) !== (await handle.stat()).ino;

async function* linesFrom(handle: FileHandle, from: number) {
  for await (const { lines } of linesWithEnd(handle, from)) yield lines;
}

async function* linesWithEnd(handle: FileHandle, from: number) {
  const buffer = Buffer.alloc(65_536);
  let at = from;
  let rest = '';
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (!bytesRead) return;
    at += bytesRead;
    const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length) yield { lines, end: at - rest.length };
  }
}
