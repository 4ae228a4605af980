import type { Rotation } from '../process/criLog.ts';
import type { StreamName } from './logWriter.ts';

/** Describes where a run prints to, and where its log stands. */
export interface RunFiles {
  /** A folder with the pipes `stdout` and `stderr`. */
  pipes: string;
  log: string;
  checkpoint: string;
  rotation: Rotation;
}

/** Describes what the API's thread asks of the thread that takes output over. Runs go by a number. */
export type Order =
  | { op: 'open'; run: number; files: RunFiles }
  /** Answered once everything that was printed before stands in the log. */
  | { op: 'drain'; run: number; ticket: number }
  /** As `drain`; nothing more will be printed, and the log is closed. */
  | { op: 'finish'; run: number; ticket: number }
  /** Lets go of the run, which prints on into its pipes. */
  | { op: 'close'; run: number }
  /** Says whether to tell of new output. */
  | { op: 'tell'; run: number; on: boolean }
  /** Says whether to pass on each stream as it comes, and that so many more bytes of it may be. */
  | { op: 'tap'; run: number; on: boolean }
  | { op: 'credit'; run: number; bytes: number };

export type News =
  | { kind: 'done'; ticket: number }
  | { kind: 'grew'; run: number }
  | { kind: 'chunk'; run: number; stream: StreamName; bytes: Uint8Array };
