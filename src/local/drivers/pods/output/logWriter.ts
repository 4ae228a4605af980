import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { logTime } from '../../../../shared/podspec/logLines.ts';
import { CriLog, type Rotation } from '../process/criLog.ts';

export type StreamName = 'stdout' | 'stderr';

/** A longer line is written in parts, as CRI runtimes do. */
const lineBytes = 16 * 1024;

/**
 * Writes what a run prints into its log in CRI's format. The time of a line is when it was read. The beginning of a
 * line whose end has not come yet is kept in a checkpoint, so that another control plane goes on with it: of output
 * that was taken over nothing is lost and nothing is written twice.
 */
export class LogWriter {
  readonly #log: CriLog;
  readonly #now: () => number;
  readonly #checkpoint: number;
  /** Says how much of the checkpoint's file has ever been written: what is shorter now is filled up with spaces. */
  #saved = 0;
  /** Is what has come of each stream's last line. Bytes are kept one a character. */
  readonly #begun: Record<StreamName, string> = { stdout: '', stderr: '' };

  constructor(logFile: string, checkpointFile: string, rotation: Rotation, now: () => number) {
    this.#now = now;
    this.#log = new CriLog(logFile, rotation);
    const known = readCheckpoint(checkpointFile);
    // A longer log has got these lines already: it was written before the checkpoint could be.
    if (known && this.#log.size <= known.log) Object.assign(this.#begun, known.begun);
    this.#checkpoint = openSync(checkpointFile, 'w', 0o600);
    if (this.#hasBegun()) this.#save();
  }

  take(stream: StreamName, bytes: Buffer): void {
    const begunBefore = this.#hasBegun();
    const lines = (this.#begun[stream] + bytes.toString('latin1')).split('\n');
    let last = lines.pop() ?? '';
    const head = `${logTime(this.#now())} ${stream} `;
    let text = '';
    for (const line of lines) text += whole(head, line);
    while (last.length > lineBytes) {
      text += part(head, last);
      last = last.slice(lineBytes);
    }
    this.#begun[stream] = last;
    if (text) this.#log.append(Buffer.from(text, 'latin1'));
    if (begunBefore || last) this.#save();
    if (text && this.#log.rotate() && this.#hasBegun()) this.#save();
  }

  /** Nothing more will come: a last line without a line feed is written as it is. */
  finish(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const last = this.#begun[stream];
      this.#begun[stream] = '';
      if (last) this.#log.append(Buffer.from(part(`${logTime(this.#now())} ${stream} `, last), 'latin1'));
    }
    ftruncateSync(this.#checkpoint, 0);
  }

  close(): void {
    closeSync(this.#checkpoint);
    this.#log.close();
  }

  #hasBegun(): boolean {
    return this.#begun.stdout !== '' || this.#begun.stderr !== '';
  }

  #save(): void {
    const text = JSON.stringify({ log: this.#log.size, begun: this.#begun });
    const bytes = Buffer.from(text.padEnd(this.#saved), 'latin1');
    writeSync(this.#checkpoint, bytes, 0, bytes.length, 0);
    this.#saved = bytes.length;
  }
}

/** A line, in parts where it is too long. */
function whole(head: string, line: string): string {
  let text = '';
  let rest = line;
  for (; rest.length > lineBytes; rest = rest.slice(lineBytes)) text += part(head, rest);
  return `${text}${head}F ${rest}\n`;
}

const part = (head: string, text: string): string => `${head}P ${text.slice(0, lineBytes)}\n`;

/** Undefined where there is none, or its writer was killed while it wrote it. */
function readCheckpoint(file: string): { log: number; begun: Record<StreamName, string> } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'latin1'));
  } catch {
    return undefined;
  }
}
