import { ApiError } from '../../errors/apiError.ts';

/** Is more than the headers of an answer show. */
const mostWarnings = 1_000;

/** Adds what is not there yet: a write may be tried several times. Ends where nobody would see more. */
export function warn(warnings: string[], more: string[] = []): void {
  for (const text of more) {
    if (warnings.length >= mostWarnings) return;
    if (!warnings.includes(text)) warnings.push(text);
  }
}

/** The same error; a refusal tells the client as well what was worth a word before it. */
export function carrying(error: unknown, warnings: string[]): unknown {
  if (error instanceof ApiError) error.warnings = [...warnings];
  return error;
}
