import recorded from './commands.json' with { type: 'json' };
import table from './verdicts.json' with { type: 'json' };

export interface Answer {
  exitCode?: number | null;
  stdout?: string;
  stderr?: string;
}

/** A command as recorded against a real control plane. */
export interface Recorded extends Answer {
  name: string;
  command: string;
  stdin?: string;
  /** What kubectl runs as the editor. */
  editor?: string;
  /** Run first: what somebody else had done in between. */
  before?: string;
  /** Run by somebody else once this command has printed what there was; `$n` counts up until the command tells of it. */
  meanwhile?: string;
  /** It does not end by itself. */
  stopped?: boolean;
  /** The end of stdout is missing. */
  truncated?: boolean;
  /** Where kubectl 1.32 differs. */
  v32?: Answer;
}

/** What is said about a command that is not simply the same. */
export interface Verdict {
  /** Not served, and why. It is not run. */
  notYet?: string;
  /** Run in place of one that is not, so that later commands find what they expect. */
  instead?: string[];
  /** By design another answer, and why. */
  differs?: string;
  /** Lines that may differ, by pattern; all others must be the same. Absent with `differs`: only the exit code is compared. */
  lines?: string[];
  /** Our lines need only be among the recorded ones. */
  subset?: boolean;
  /** What the answer has to say, by pattern. */
  says?: string;
  /** Of a deviation: it differs only when things happen at certain times. */
  sometimes?: boolean;
  /** With it a command that had to be stopped when it was recorded ends by itself. */
  exitCode?: number;
}

export const manifests: Record<string, string> = recorded.manifests;
export const commands: Recorded[] = recorded.commands;
export const verdicts: Record<string, Verdict> = table;
export const verdictOn = ({ name }: Recorded): Verdict => verdicts[name] ?? {};
