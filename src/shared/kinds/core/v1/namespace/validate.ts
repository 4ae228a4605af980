import type { Cause } from '../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import type { Namespace } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];

export function validate({ spec }: Namespace, old?: Namespace): Cause[] {
  if (old) return [];
  return (spec?.finalizers ?? []).flatMap(validFinalizer);
}

function validFinalizer(name: string): Cause[] {
  const field = 'spec.finalizers';
  const causes = checked(field, name, qualifiedNameProblems);
  if (!name.includes('/') && !standard.includes(name)) {
    causes.push(
      invalidValue(field, name, 'name is neither a standard finalizer name nor is it fully qualified'),
    );
  }
  return causes;
}

/** The phase follows from the deletion. Kubernetes writes this field with a capital letter. */
export function validateStatus({ metadata, status }: Namespace): Cause[] {
  const phase = status?.phase ?? '';
  const [wanted, not] = metadata.deletionTimestamp ? ['Terminating', 'not '] : ['Active', ''];
  if (phase === wanted) return [];
  const why = `may only be '${wanted}' if \`deletionTimestamp\` is ${not}empty`;
  return [invalidValue('status.Phase', phase, why)];
}
