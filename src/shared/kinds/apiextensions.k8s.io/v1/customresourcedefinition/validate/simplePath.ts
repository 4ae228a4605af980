import type { Cause } from '../../../../../errors/apiError.ts';
import { invalidValue } from '../../../../validation/causes.ts';

/** Returns what is wrong with a JSONPath where only a simple one, `.spec.size`, is allowed. */
export function simplePathCauses(path: string, field: string): Cause[] {
  if (path === '') return [invalidValue(field, path, 'must not be empty')];
  return path.startsWith('.')
    ? []
    : [invalidValue(field, path, 'must be a simple json path starting with .')];
}
