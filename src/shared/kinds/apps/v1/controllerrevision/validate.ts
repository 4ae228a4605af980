import type { Cause } from '../../../../errors/apiError.ts';
import type { ControllerRevision } from '../../../schema/types.ts';
import { required } from '../../../validation/causes.ts';
import { immutable, nonNegative } from '../../../validation/rules.ts';

export function validate({ data, revision }: ControllerRevision, old?: ControllerRevision): Cause[] {
  const causes = nonNegative('revision', revision);
  if (old) return [...causes, ...immutable('data', data, old.data)];
  if (data === undefined || data === null) return [...causes, required('data', 'data is mandatory')];
  if (typeof data !== 'object' || Array.isArray(data))
    causes.push(required('data', 'data must be a valid JSON object'));
  return causes;
}
