import type { Readable } from 'node:stream';

export type StreamName = 'stdout' | 'stderr';

/** Bytes of one of a program's streams; `isWhole` when a frame of the engine ends with them. */
export interface Piece {
  stream: StreamName;
  bytes: Buffer;
  isWhole: boolean;
}

const headBytes = 8;
const errorStream = 2;

/**
 * Takes apart what an engine sends of a program without a terminal: frames of a head of eight bytes, which says whose
 * they are and how long, and the bytes. Passes on what it has of a frame at once.
 */
export function createFrameParser(): (chunk: Buffer) => Piece[] {
  let head = Buffer.alloc(0);
  let stream: StreamName = 'stdout';
  let left = 0;
  return (chunk) => {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const missing = headBytes - head.length;
        head = Buffer.concat([head, chunk.subarray(at, at + missing)]);
        at += missing;
        if (head.length < headBytes) break;
        stream = head[0] === errorStream ? 'stderr' : 'stdout';
        left = head.readUInt32BE(4);
        head = Buffer.alloc(0);
        continue;
      }
      const bytes = chunk.subarray(at, at + left);
      at += bytes.length;
      left -= bytes.length;
      pieces.push({ stream, bytes, isWhole: left === 0 });
    }
    return pieces;
  };
}

/** A terminal has one stream, without frames. */
export const createRawParser = (): ((chunk: Buffer) => Piece[]) => (bytes) => [
  { stream: 'stdout', bytes, isWhole: true },
];

/** Returns what an engine sends as lines of JSON. A line that is none is left out. */
export async function* jsonLines<T>(source: Readable): AsyncGenerator<T> {
  let rest = '';
  source.setEncoding('utf8');
  for await (const chunk of source) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* parsed<T>(line);
  }
  yield* parsed<T>(rest);
}

function* parsed<T>(line: string): Generator<T> {
  if (!line.trim()) return;
  try {
    yield JSON.parse(line) as T;
  } catch {
    // Cut off where the connection ended.
  }
}
