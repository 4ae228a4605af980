import type { Paint } from './paint.ts';
import type { Unread } from './unread.ts';

/** One word of the command line. To add one: a file in verbs/ and a line in verbs/index.ts. */
export interface Verb {
  name: string;
  /** One line, for the list of verbs. */
  summary: string;
  /** Is what follows `shallop`: `image add NAME FOLDER`. Several forms stand on lines of their own. */
  usage: string[];
  /** Longer help, examples among it. */
  description?: string;
  options: Record<string, Option>;
  /** Is what its operands are, for completion in shells. */
  operands?: Operands;
  /** Is the exit code of a failure, where 1 says something else. */
  failureCode?: number;
  /** Is what it is about, told on a terminal when it takes longer than two seconds. */
  progress?: string;
  /** Is what it does when nobody reads its output any more; absent: it ends at once, as kubectl does. */
  unread?: Unread;
  /** Whether nothing is under way any more when `run` has answered, so that the process need not be waited for. */
  endsAtOnce?: boolean;
  /** Answers the exit code. Throws UsageError for a wrong call, any other error for a failure to be printed. */
  run(call: Call, io: Io): Promise<number>;
}

/** Words to choose from first (`rollout status`), then perhaps objects of the API. */
export interface Operands {
  words?: string[];
  /** `pods` offers names of that resource; `any` offers resources and then their names. */
  objects?: string;
}

export interface Option {
  type: 'string' | 'boolean';
  /** One letter. */
  short?: string;
  /** May be given several times; all values count. */
  multiple?: boolean;
  /** The value of a text option that is named without one: `--dry-run`. */
  bare?: string;
  /** Is what it does, for the help. */
  help: string;
  /** Says how its value is called in the help: `PORT`. */
  value?: string;
  /** Values to choose from, for completion in shells. */
  choices?: string[];
}

export interface Call {
  positionals: string[];
  /** How many of them stand before `--`; undefined where there is none. */
  beforeDash?: number;
  /** Text options by name. */
  text(name: string): string | undefined;
  /** Every value of an option that may be given several times. */
  texts(name: string): string[];
  /** `otherwise`: what it is when it is not named (false). */
  flag(name: string, otherwise?: boolean): boolean;
}

/** The world as a verb sees it: tests hand in their own. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** Gives what goes out its colour. Absent: there are none. */
  paint?: Paint;
  /** Tells a person what is under way, until what it answers is called. Absent: nobody looks. */
  progress?(text: string): () => void;
  /** Takes what the verb does when nobody reads its output any more. */
  whenUnread?(wish: Unread): void;
  /** Takes that the process may end as soon as the verb has answered and its output is taken. */
  endAtOnce?(): void;
  /** Returns whether somebody still takes what err() writes. Absent: nobody can tell. */
  isHeard?(): boolean;
  /** Output that is no line: a program's, as it comes. */
  write(chunk: Uint8Array): void;
  /** The same for what is no result. */
  writeError(chunk: Uint8Array): void;
  /** All of the standard input. */
  input(): Promise<string>;
  /** The standard input as it comes. */
  openInput(): Input;
  env: Record<string, string | undefined>;
  cwd: string;
  /** Asks for a yes; false where nobody can be asked. */
  confirm(question: string): Promise<boolean>;
  /** Aborts when the user wants the command to end, which is up to whoever has read it: before, a signal ends the process. */
  interrupted: AbortSignal;
}

/** The standard input of a verb that goes on reading. */
export interface Input {
  chunks: AsyncIterable<Uint8Array>;
  /** Absent where nobody types. */
  terminal?: Terminal;
  /** Nothing more is read: else the command would wait for it. */
  close(): void;
}

export interface Terminal {
  /** Keys go through as they are, Ctrl-C too, until this is taken back. */
  setRaw(isRaw: boolean): void;
  size(): { columns: number; rows: number };
  onResize(listener: () => void): void;
}

/** A wrong call: printed with the verb's usage, exit code 2. */
export class UsageError extends Error {}

/** A failure in the words of its source, printed as it is. */
export class Failure extends Error {}
