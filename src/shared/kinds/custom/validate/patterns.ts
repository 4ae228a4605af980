/** Regular expressions of schemas: Go's syntax, and time that grows with the text alone. */
import { RE2JS } from 're2js';

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

/** Returns whether the pattern is found anywhere in the text; one that is none never is. */
export function matches(pattern: string, text: string): boolean {
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
