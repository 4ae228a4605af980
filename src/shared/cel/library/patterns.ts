import { RE2JS } from 're2js';

/** A regular expression in Go's syntax, or why it is none. Matching takes time in proportion to the text. */
export type Pattern = { readonly pattern: RE2JS } | { readonly problem: string };

const known = new Map<string, Pattern>();
const mostKnown = 500;

export function compilePattern(source: string): Pattern {
  const found = known.get(source);
  if (found) return found;
  const pattern = compile(source);
  if (known.size >= mostKnown) known.clear();
  known.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  try {
    return { pattern: RE2JS.compile(source) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
