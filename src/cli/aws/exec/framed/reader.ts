import { frameStart } from './script.ts';

export type Frame =
  | { is: 'ready' }
  | { is: 'output'; stream: 'stdout' | 'stderr'; bytes: Buffer }
  | { is: 'exit'; code: number };

const frameEnd = ';'.charCodeAt(0);
const longestComplaint = 4_096;

/** Takes apart what the script of `framedCommandLine` writes, however it comes in pieces. */
export class FramesReader {
  #kept: Buffer = Buffer.alloc(0);
  #complaint = '';
  #isReady = false;

  take(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let left = Buffer.concat([this.#kept, bytes]);
    for (;;) {
      const start = left.indexOf(frameStart);
      if (!this.#isReady) this.#complain(start < 0 ? left : left.subarray(0, start));
      const end = start < 0 ? -1 : left.indexOf(frameEnd, start);
      if (end < 0) {
        this.#kept = start < 0 ? Buffer.alloc(0) : left.subarray(start);
        return frames;
      }
      const frame = frameOf(left.toString('latin1', start + 1, end));
      if (frame) frames.push(frame);
      this.#isReady ||= frame?.is === 'ready';
      left = left.subarray(end + 1);
    }
  }

  /** Returns what was said instead of the first frame; undefined after it. */
  get complaint(): string | undefined {
    return this.#isReady ? undefined : this.#complaint.replaceAll(/\s+/g, ' ').trim();
  }

  #complain(bytes: Buffer): void {
    this.#complaint = (this.#complaint + bytes.toString('utf8')).slice(0, longestComplaint);
  }
}

function frameOf(text: string): Frame | undefined {
  const rest = text.slice(1);
  switch (text[0]) {
    case 'r':
      return { is: 'ready' };
    case 'o':
      return { is: 'output', stream: 'stdout', bytes: Buffer.from(rest, 'base64') };
    case 'e':
      return { is: 'output', stream: 'stderr', bytes: Buffer.from(rest, 'base64') };
    case 'x':
      return /^\d{1,3}$/.test(rest) ? { is: 'exit', code: Number(rest) } : undefined;
    default:
      return undefined;
  }
}
