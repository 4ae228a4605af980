import type { Cause } from '../../errors/apiError.ts';
import { qualifiedNameProblems, regexHint } from '../../meta/names.ts';
import type { Condition } from '../schema/types.ts';
import { duplicate, invalidValue, notSupported, required, tooLong } from './causes.ts';
import { checked } from './rules.ts';

const statuses = ['False', 'True', 'Unknown'];
const longestReason = 1024;
const longestMessage = 32 * 1024;
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const reasonRule =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";

/** Conditions of a status, as metav1.Condition has to be. */
export function validConditions(field: string, conditions: readonly Condition[]): Cause[] {
  const seen = new Set<string>();
  return conditions.flatMap((condition, i) => {
    const at = `${field}[${i}]`;
    const repeated = seen.has(condition.type) ? [duplicate(`${at}.type`, condition.type)] : [];
    seen.add(condition.type);
    return [...repeated, ...validCondition(at, condition)];
  });
}

function validCondition(at: string, condition: Condition): Cause[] {
  const { type, status, observedGeneration = 0, lastTransitionTime, reason, message } = condition;
  const causes = checked(`${at}.type`, type, qualifiedNameProblems);
  if (!statuses.includes(status)) causes.push(notSupported(`${at}.status`, status, statuses));
  if (observedGeneration < 0)
    causes.push(
      invalidValue(`${at}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'),
    );
  if (!lastTransitionTime) causes.push(required(`${at}.lastTransitionTime`));
  causes.push(...validReason(`${at}.reason`, reason));
  if (Buffer.byteLength(message) > longestMessage) causes.push(tooLong(`${at}.message`, longestMessage));
  return causes;
}

const reasonProblems = (reason: string): string[] =>
  new RegExp(`^${reasonPattern}$`).test(reason)
    ? []
    : [
        regexHint(
          reasonRule,
          reasonPattern,
          'my_name',
          'MY_NAME',
          'MyName',
          'ReasonA,ReasonB',
          'ReasonA:ReasonB',
        ),
      ];

function validReason(field: string, reason: string): Cause[] {
  if (!reason) return [required(field)];
  const causes = checked(field, reason, reasonProblems);
  return Buffer.byteLength(reason) > longestReason ? [...causes, tooLong(field, longestReason)] : causes;
}
