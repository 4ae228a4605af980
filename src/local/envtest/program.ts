/** The world as one of the programs sees it. */
export interface ProgramIo {
  out(text: string): void;
  err(text: string): void;
  env: Record<string, string | undefined>;
  /** Resolves when the program is to end. */
  ended: Promise<void>;
}

/** Describes what stands where a program of Kubernetes would, with its flags. Answers the exit code. */
export type Program = (args: readonly string[], io: ProgramIo) => Promise<number>;
