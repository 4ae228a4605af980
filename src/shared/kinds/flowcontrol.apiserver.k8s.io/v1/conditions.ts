import type { Cause } from '../../../errors/apiError.ts';
import { duplicate, required } from '../../validation/causes.ts';

/** Conditions of flow control: each type once. */
export function validFlowConditions(at: string, conditions: readonly { type?: string }[] = []): Cause[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ type = '' }, i) => {
    const field = `${at}[${i}].type`;
    const causes = seen.has(type) ? [duplicate(field, type)] : [];
    seen.add(type);
    return type ? causes : [...causes, required(field)];
  });
}
