import type { Paint } from './paint.ts';
import type { Unread } from './unread.ts';

/** A verb of the command line. A new verb is a file in verbs/ and a line in verbs/index.ts. */
export interface Verb {
  name: string;
  /** One line, for the list of verbs in the help. */
  summary: string;
  /** The words after `shallop`, one entry for each form: `image add NAME FOLDER`. */
  usage: string[];
  /** Longer help, with examples. */
  description?: string;
  options: Record<string, Option>;
  /** The operands, for completion in shells. */
  operands?: Operands;
  /** The exit code of a failure, where 1 has another meaning. Default: 1. */
  failureCode?: number;
  /** What it is doing, printed on a terminal when it takes longer than two seconds. */
  progress?: string;
  /** What it does when its output can no longer be written. Absent: it ends at once, as kubectl does. */
  unread?: Unread;
  /** True when no work remains after `run` has resolved, so that the process can exit at once. */
  endsAtOnce?: boolean;
  /** Runs the verb and resolves with the exit code. Throws UsageError for wrong arguments, and another error for a failure to print. */
  run(call: Call, io: Io): Promise<number>;
}

/** The operands of a verb: first one of some words (`rollout status`), then objects of the API. */
export interface Operands {
  words?: string[];
  /** `pods` completes names of that resource; `any` completes resources and then their names. */
  objects?: string;
}

/** An option of a verb. */
export interface Option {
  type: 'string' | 'boolean';
  /** The short name, one letter. */
  short?: string;
  /** True when it may be repeated; all values count. */
  multiple?: boolean;
  /** The value of an option that is given without one: `--dry-run`. */
  bare?: string;
  /** The description in the help. */
  help: string;
  /** The name of its value in the help: `PORT`. */
  value?: string;
  /** The allowed values, for completion in shells. */
  choices?: string[];
}

/** The parsed arguments of a verb. */
export interface Call {
  positionals: string[];
  /** The number of operands before `--`; undefined without `--`. */
  beforeDash?: number;
  /** Returns the value of an option; undefined when it is not given. */
  text(name: string): string | undefined;
  /** Returns all values of an option that may be repeated. */
  texts(name: string): string[];
  /** Returns a boolean option; `otherwise` is its default (false). */
  flag(name: string, otherwise?: boolean): boolean;
}

/** The environment of a verb: output, input and settings. Tests supply their own. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** Colours the output. Absent when colours are off. */
  paint?: Paint;
  /** Shows what is being done until the returned function is called. Absent without a terminal. */
  progress?(text: string): () => void;
  /** Sets what happens when the output can no longer be written. */
  whenUnread?(wish: Unread): void;
  /** Allows the process to exit as soon as the verb has resolved and its output is written. */
  endAtOnce?(): void;
  /** Returns whether the output of err() can still be written. Absent when that is unknown. */
  isHeard?(): boolean;
  /** Writes raw bytes to stdout, such as the output of a program. */
  write(chunk: Uint8Array): void;
  /** Writes raw bytes to stderr. */
  writeError(chunk: Uint8Array): void;
  /** Reads all of stdin. */
  input(): Promise<string>;
  /** Opens stdin as a stream. */
  openInput(): Input;
  env: Record<string, string | undefined>;
  cwd: string;
  /** Asks the user to confirm; returns false without a terminal. */
  confirm(question: string): Promise<boolean>;
  /** Aborts when the user interrupts the command. A verb that reads it has to end then; until one does, a signal ends the process. */
  interrupted: AbortSignal;
}

/** Stdin as a stream. */
export interface Input {
  chunks: AsyncIterable<Uint8Array>;
  /** Absent when stdin is not a terminal. */
  terminal?: Terminal;
  /** Stops reading; otherwise the process would wait for more input. */
  close(): void;
}

/** A terminal that a user types in. */
export interface Terminal {
  /** Switches raw mode, in which all keys are passed through, Ctrl-C too. */
  setRaw(isRaw: boolean): void;
  size(): { columns: number; rows: number };
  onResize(listener: () => void): void;
}

/** Is thrown for wrong arguments. It is printed with a hint to the help; the exit code is 2. */
export class UsageError extends Error {}

/** Is thrown for a failure whose message is printed as it is, without `error: `. */
export class Failure extends Error {}
