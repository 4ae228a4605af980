/** What is wrong with a value, and how much of it was right. */
import type { Cause } from '../../../errors/apiError.ts';

export interface Finding {
  /** What it says of itself; the same is not said twice. */
  text: string;
  cause: Cause;
}

export interface Result {
  findings: Finding[];
  /** Checks that passed, by which the best of several alternatives is told. */
  matches: number;
}

export const nothing = (): Result => ({ findings: [], matches: 0 });

export function add({ findings }: Result, ...more: Finding[]): void {
  for (const finding of more)
    if (!findings.some(({ text }) => text === finding.text)) findings.push(finding);
}

export function merge(into: Result, { findings, matches }: Result): void {
  add(into, ...findings);
  into.matches += matches;
}

/** A finding about the value at `path`, which the root leaves empty. */
export const finding = (path: string, text: string, cause: (field: string) => Cause): Finding => ({
  text: `${path} ${text}`,
  cause: cause(path.replace(/^\./, '') || '<nil>'),
});
