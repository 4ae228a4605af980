/** Regular expressions of schemas: Go's syntax, and time that grows with the text and the pattern. */
import type { RE2JS } from 're2js';
import { compilePattern, stepThrough } from '../../../cel/library/patterns.ts';

/** @throws an Error in RE2's words. */
export function compile(pattern: string): RE2JS {
  const compiled = compilePattern(pattern);
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.pattern;
}

/**
 * Returns whether the pattern is found anywhere in the text; one that is none never is.
 * @throws Interrupted where steps are counted.
 */
export function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if ('problem' in compiled) return false;
  stepThrough(compiled, text.length);
  return compiled.pattern.matcher(text).find();
}

/** Returns what Go says against a pattern; undefined for one that is fine. */
export function patternProblem(pattern: string): string | undefined {
  const compiled = compilePattern(pattern);
  return 'problem' in compiled ? compiled.problem : undefined;
}
