import { table } from '../../shared/meta/table.ts';
import { type Option, UsageError } from '../verb.ts';

/** What becomes of fields that the server does not know. */
export type Validation = 'Strict' | 'Warn' | 'Ignore';

export const validateOption: Record<string, Option> = table({
  validate: {
    type: 'string',
    bare: 'true',
    value: 'HOW',
    choices: ['strict', 'warn', 'ignore', 'true', 'false'],
    help: 'unknown fields are errors (strict, true), warnings (warn) or accepted (ignore, false)',
  },
});

/** Reads the value of `--validate`. */
export function validationOf(text: string): Validation {
  if (text === 'strict' || text === 'true') return 'Strict';
  if (text === 'warn') return 'Warn';
  if (text === 'ignore' || text === 'false') return 'Ignore';
  throw new UsageError(`Option '--validate' is strict, warn or ignore, not '${text}'`);
}
