import { RE2JS } from 're2js';
import { remembering } from '../../meta/remembering.ts';

/** A regular expression in Go's syntax, or why it is none. Matching takes time in proportion to the text. */
export type Pattern = { readonly pattern: RE2JS } | { readonly problem: string };

export const compilePattern = remembering(500, (source: string): Pattern => {
  try {
    return { pattern: RE2JS.compile(source) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
});
