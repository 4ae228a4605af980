import type { Cause } from '../../errors/apiError.ts';
import { invalidValue } from './causes.ts';

/** @param shown what the finding names: of an annotation its key. */
export function validJson(field: string, shown: string, text: string): Cause[] {
  try {
    JSON.parse(text);
    return [];
  } catch {
    return [
      invalidValue(field, shown, `invalid character '${text.trim()[0]}' looking for beginning of value`),
    ];
  }
}
