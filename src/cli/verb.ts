import type { ParseArgsOptionsConfig } from 'node:util';

/** One word of the command line. To add one: a file in verbs/ and a line in verbs/index.ts. */
export interface Verb {
  name: string;
  /** One line, for the list of verbs. */
  summary: string;
  /** What follows `shallop`: `image add NAME FOLDER`. Several forms stand on lines of their own. */
  usage: string[];
  /** Longer help, examples among it. */
  description?: string;
  options: Record<string, Option>;
  /** Answers the exit code. Throws UsageError for a wrong call, any other error for a failure to be printed. */
  run(call: Call, io: Io): Promise<number>;
}

export type Option = ParseArgsOptionsConfig[string] & {
  /** What it does, for the help. */
  help: string;
  /** How its value is called in the help: `PORT`. */
  value?: string;
};

export interface Call {
  positionals: string[];
  /** Text options by name. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

/** The world as a verb sees it: tests hand in their own. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  env: Record<string, string | undefined>;
  cwd: string;
  /** Asks for a yes; false where nobody can be asked. */
  confirm(question: string): Promise<boolean>;
  /** Aborts when the user wants the command to end. */
  interrupted: AbortSignal;
}

/** A wrong call: printed with the verb's usage, exit code 2. */
export class UsageError extends Error {}
