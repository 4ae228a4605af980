import type { IncomingMessage } from 'node:http';
import { byteLimit, logTime } from '../../../../shared/podspec/logLines.ts';
import type { LogOptions } from '../../../../shared/ports/cloud.ts';
import type { EngineClient } from './client.ts';
import type { Engine } from './find.ts';
import { createFrameParser, type StreamName } from './frames.ts';
import { isStatus } from './words.ts';

/** One write of a container: a line, or where it was cut a part of one. */
interface Entry {
  stream: StreamName;
  bytes: Buffer;
}

export interface Logged {
  container: string;
  tty: boolean;
  options: LogOptions;
  kind: Engine['kind'];
  /** One stream only. */
  stream?: StreamName;
}

/** A container's log, which the engine keeps, as a request wants it. Nothing of a container that is not there. */
export async function* readEngineLog(
  client: EngineClient,
  { container, tty, options, kind, stream }: Logged,
): AsyncGenerator<Uint8Array> {
  const { follow, tailLines, sinceMs, limitBytes, timestamps, signal } = options;
  const limit = byteLimit(limitBytes);
  // Asked for the last lines, Podman leaves out the very last one when it has no end.
  const last = kind === 'podman' && !follow && tailLines ? tailLines : undefined;
  const isStamped = timestamps || sinceMs !== undefined;
  const query = {
    stdout: tty || stream !== 'stderr',
    stderr: !tty && stream !== 'stdout',
    follow: Boolean(follow),
    timestamps: isStamped,
    tail: last === undefined ? (tailLines ?? 'all') : 'all',
    ...(sinceMs !== undefined && { since: (sinceMs / 1000).toFixed(3) }),
  };
  try {
    const body = await client.stream('GET', `/containers/${container}/logs`, {
      query,
      ...(signal && { signal }),
    });
    const all = tty ? linesOf(body) : framesOf(body);
    const entries = last === undefined ? all : lastLines(all, last);
    for await (const bytes of isStamped ? unstamped(entries, options) : bytesOf(entries)) {
      yield limit.take(bytes);
      if (limit.done || signal?.aborted) return;
    }
  } catch (error) {
    if (!signal?.aborted && !isStatus(error, 404)) throw error;
  }
}

async function* bytesOf(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const { bytes } of entries) yield bytes;
}

async function* framesOf(body: IncomingMessage): AsyncGenerator<Entry> {
  const parse = createFrameParser();
  let begun: Buffer[] = [];
  for await (const chunk of body)
    for (const { stream, bytes, isWhole } of parse(chunk)) {
      begun.push(bytes);
      if (!isWhole) continue;
      yield { stream, bytes: begun.length === 1 ? bytes : Buffer.concat(begun) };
      begun = [];
    }
}

/** A terminal's log has no frames; a time stands before each line. */
async function* linesOf(body: IncomingMessage): AsyncGenerator<Entry> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    const end = rest.lastIndexOf(10) + 1;
    for (let at = 0; at < end; ) {
      const next = rest.indexOf(10, at) + 1;
      yield { stream: 'stdout', bytes: rest.subarray(at, next) };
      at = next;
    }
    rest = rest.subarray(end);
  }
  if (rest.length) yield { stream: 'stdout', bytes: rest };
}

/** Of a log that does not grow the last lines, of which the very last may have no end. */
export async function* lastLines(entries: AsyncIterable<Entry>, count: number): AsyncGenerator<Entry> {
  const kept: Entry[] = [];
  const isEnd = ({ bytes }: Entry) => bytes.at(-1) === 10;
  let [ends, first] = [0, 0];
  const shrinkTo = (lines: number) => {
    while (ends > lines) if (isEnd(kept[first++]!)) ends--;
    // Not each time: what follows is moved.
    if (first < 1024 || first * 2 < kept.length) return;
    kept.splice(0, first);
    first = 0;
  };
  for await (const entry of entries) {
    kept.push(entry);
    if (isEnd(entry)) ends++;
    shrinkTo(count);
  }
  const final = kept.at(-1);
  if (final && !isEnd(final)) shrinkTo(count - 1);
  yield* kept.slice(first);
}

/** Leaves out what is older than wanted, and times where nobody wants them, or within a line that was cut. */
async function* unstamped(
  entries: AsyncIterable<Entry>,
  { sinceMs, timestamps }: LogOptions,
): AsyncGenerator<Buffer> {
  const since = sinceMs === undefined ? '' : logTime(sinceMs);
  const begins: Record<StreamName, boolean> = { stdout: true, stderr: true };
  const isLate: Record<StreamName, boolean> = { stdout: true, stderr: true };
  for await (const { stream, bytes } of entries) {
    const space = bytes.indexOf(32);
    const time = stampOf(bytes.toString('latin1', 0, Math.max(0, space)));
    const text = bytes.subarray(space + 1);
    if (begins[stream]) isLate[stream] = time >= since;
    if (isLate[stream])
      yield begins[stream] && timestamps ? Buffer.concat([Buffer.from(`${time} `), text]) : text;
    begins[stream] = text.at(-1) === 10;
  }
}

/** Engines write times of whole seconds too, and with the offset of a zone. */
export function stampOf(text: string): string {
  const [, before = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (!before) return text;
  const whole = zone === 'Z' ? before : new Date(`${before}${zone}`).toISOString().slice(0, 19);
  return `${whole}.${fraction.padEnd(9, '0')}Z`;
}
