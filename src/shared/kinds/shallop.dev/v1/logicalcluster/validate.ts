import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems } from '../../../../meta/names.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import type { LogicalCluster } from './types.ts';

/** Seconds: a hundred years. */
const longest = 3_155_760_000;

export function validate({ metadata, spec = {} }: LogicalCluster, old?: LogicalCluster): Cause[] {
  const { base, ttlSecondsAfterCreation: ttl } = spec;
  const causes: Cause[] = [];
  if (base !== undefined) causes.push(...checked('spec.base', base, dns1123LabelProblems));
  if (base !== undefined && base === metadata.name)
    causes.push(invalidValue('spec.base', base, 'must be another logical cluster'));
  if (old && base !== old.spec?.base)
    causes.push(invalidValue('spec.base', base ?? '', 'field is immutable'));
  if (ttl !== undefined && (ttl < 1 || ttl > longest))
    causes.push(
      invalidValue('spec.ttlSecondsAfterCreation', ttl, `must be between 1 and ${longest}, inclusive`),
    );
  return causes;
}
