/** Regular expressions of schemas: Go's syntax, and time that grows with the text alone. */
import { RE2JS } from 're2js';
import { TooLong } from '../rules/moment.ts';

const compiled = new Map<string, RE2JS>();
const most = 1_000;

/** @throws an Error in RE2's words. */
export function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = RE2JS.compile(pattern);
  if (compiled.size >= most) compiled.delete(compiled.keys().next().value!);
  compiled.set(pattern, made);
  return made;
}

/** Matching never waits, so one counter serves all. */
let left = Number.POSITIVE_INFINITY;

/** Has `matches` throw TooLong once patterns have read more than so much text. @returns what ends that. */
export function beginLetters(most: number): () => void {
  left = most;
  return () => {
    left = Number.POSITIVE_INFINITY;
  };
}

/** Returns whether the pattern is found anywhere in the text; one that is none never is. */
export function matches(pattern: string, text: string): boolean {
  left -= text.length;
  if (left < 0) throw new TooLong();
  try {
    return compile(pattern).matcher(text).find();
  } catch {
    return false;
  }
}

/** Returns what Go says against a pattern; undefined for one that is fine. */
export function patternProblem(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
