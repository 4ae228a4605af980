import type { Cause } from '../../errors/apiError.ts';
import { qualifiedNameProblems, regexHint } from '../../meta/names.ts';
import type { Condition } from '../schema/types.ts';
import { duplicate, invalidValue, notSupported, required, tooLong } from './causes.ts';
import { checked } from './rules.ts';

const statuses = ['False', 'True', 'Unknown'];
const longestReason = 1024;
const longestMessage = 32 * 1024;
const reasonForm = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';

/** Findings about a list of `metav1.Condition`. */
export const conditionsCauses = (field: string, conditions: readonly Condition[] = []): Cause[] =>
  conditions.flatMap((condition, index) => {
    const again = conditions.findIndex(({ type }) => type === condition.type) < index;
    const at = `${field}[${index}]`;
    return [...(again ? [duplicate(`${at}.type`, condition.type)] : []), ...conditionCauses(at, condition)];
  });

function conditionCauses(field: string, condition: Condition): Cause[] {
  const {
    type = '',
    status,
    observedGeneration = 0,
    lastTransitionTime,
    reason = '',
    message = '',
  } = condition;
  return [
    ...checked(`${field}.type`, type, qualifiedNameProblems),
    ...(statuses.includes(status ?? '') ? [] : [notSupported(`${field}.status`, status ?? '', statuses)]),
    ...(observedGeneration < 0
      ? [
          invalidValue(
            `${field}.observedGeneration`,
            observedGeneration,
            'must be greater than or equal to zero',
          ),
        ]
      : []),
    ...(lastTransitionTime ? [] : [required(`${field}.lastTransitionTime`)]),
    ...(reason === ''
      ? [required(`${field}.reason`)]
      : checked(`${field}.reason`, reason, conditionReasonProblems)),
    ...(reason.length > longestReason ? [tooLong(`${field}.reason`, longestReason)] : []),
    ...(message.length > longestMessage ? [tooLong(`${field}.message`, longestMessage)] : []),
  ];
}

const conditionReasonProblems = (reason: string): string[] =>
  new RegExp(`^${reasonForm}$`).test(reason)
    ? []
    : [
        regexHint(
          "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
          reasonForm,
          'my_name',
          'MY_NAME',
          'MyName',
          'ReasonA,ReasonB',
          'ReasonA:ReasonB',
        ),
      ];
