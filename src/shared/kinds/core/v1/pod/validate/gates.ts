import type { Cause } from '../../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../../meta/names.ts';
import type { PodReadinessGate, PodSchedulingGate } from '../../../../schema/types.ts';
import { duplicate } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

export const validReadinessGates = (field: string, gates: PodReadinessGate[]): Cause[] =>
  gates.flatMap(({ conditionType }, i) =>
    checked(`${field}[${i}].conditionType`, conditionType, qualifiedNameProblems),
  );

export function validSchedulingGates(field: string, gates: PodSchedulingGate[]): Cause[] {
  const seen = new Set<string>();
  return gates.flatMap(({ name }, i) => {
    const causes = checked(`${field}[${i}]`, name, qualifiedNameProblems);
    if (seen.has(name)) causes.push(duplicate(`${field}[${i}]`, name));
    seen.add(name);
    return causes;
  });
}
