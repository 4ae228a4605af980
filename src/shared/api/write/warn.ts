import { ApiError } from '../../errors/apiError.ts';

/** Adds what is not there yet: a write may be tried several times. */
export function warn(warnings: string[], more: string[] = []): void {
  for (const text of more) if (!warnings.includes(text)) warnings.push(text);
}

/** The same error; a refusal tells the client as well what was worth a word before it. */
export function carrying(error: unknown, warnings: string[]): unknown {
  if (error instanceof ApiError) error.warnings = [...warnings];
  return error;
}
