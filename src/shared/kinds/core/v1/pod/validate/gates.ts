import type { Cause } from '../../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../../meta/names.ts';
import type { PodReadinessGate, PodSchedulingGate } from '../../../../schema/types.ts';
import { duplicate } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

/** Returns a cause for each readiness gate whose condition type is no qualified name. */
export const validReadinessGates = (field: string, gates: PodReadinessGate[]): Cause[] =>
  gates.flatMap(({ conditionType }, i) =>
    checked(`${field}[${i}].conditionType`, conditionType, qualifiedNameProblems),
  );

/** Returns what is wrong with scheduling gates: each is a qualified name and stands once. */
export function validSchedulingGates(field: string, gates: PodSchedulingGate[]): Cause[] {
  const seen = new Set<string>();
  return gates.flatMap(({ name }, i) => {
    const causes = checked(`${field}[${i}]`, name, qualifiedNameProblems);
    if (seen.has(name)) causes.push(duplicate(`${field}[${i}]`, name));
    seen.add(name);
    return causes;
  });
}
