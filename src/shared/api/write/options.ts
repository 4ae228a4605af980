import type { Cause } from '../../errors/apiError.ts';
import { invalid } from '../../errors/common.ts';
import { forbidden, invalidValue } from '../../kinds/validation/causes.ts';
import type { Query } from '../http/target.ts';
import type { FieldValidation } from './decode.ts';

/** Holds the parameters of a write after they have been checked. */
export interface WriteOptions {
  dryRun: boolean;
  fieldValidation: FieldValidation;
  /** Says who writes, for managedFields; kept for the day they are tracked. */
  fieldManager: string;
}

const modes = ['', 'Ignore', 'Strict', 'Warn'];

/** Makes the cause about a value outside an enumeration; `supported` is shown in the order given. */
export const notSupported = (field: string, value: unknown, supported: string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}`,
  field,
});

/** The parameters of a write. `kind` is CreateOptions, UpdateOptions or PatchOptions. Throws Invalid. */
export function writeOptions(query: Query, kind: string, isApply = false): WriteOptions {
  const dryRun = query.all('dryRun');
  const mode = query.get('fieldValidation') ?? '';
  const causes = dryRunCauses(dryRun);
  if (!modes.includes(mode)) causes.push(notSupported('fieldValidation', mode, modes));
  const fieldManager = query.get('fieldManager') ?? '';
  if (fieldManager.length > 128)
    causes.push({
      reason: 'FieldValueTooLong',
      message: 'Too long: may not be more than 128 bytes',
      field: 'fieldManager',
    });
  const unprintable = [...fieldManager].findIndex((c) => !/[\P{C}]/u.test(c));
  if (unprintable >= 0) {
    const code = fieldManager.codePointAt(unprintable)!.toString(16).toUpperCase().padStart(4, '0');
    causes.push(
      invalidValue('fieldManager', fieldManager, `invalid character U+${code} (at position ${unprintable})`),
    );
  }
  if (query.get('force') !== undefined && kind === 'PatchOptions' && !isApply)
    causes.push(forbidden('force', 'may not be specified for non-apply patch'));
  if (causes.length) throw invalid(kind, 'meta.k8s.io', '', causes);
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: (mode || 'Warn') as FieldValidation,
    fieldManager,
  };
}

/** Returns what is wrong with `dryRun`: `All` is the only value that Kubernetes knows. */
export const dryRunCauses = (dryRun: string[]): Cause[] =>
  dryRun.some((value) => value !== 'All') ? [notSupported('dryRun', dryRun, ['All'])] : [];
