import type { Cause } from '../../../../../errors/apiError.ts';
import type { JobSpec, SuccessPolicy, SuccessPolicyRule } from '../../../../schema/types.ts';
import { invalidValue, required, tooLong, tooMany } from '../../../../validation/causes.ts';
import { nonNegative } from '../../../../validation/rules.ts';
import { countIndexes } from '../indexes.ts';

const mostRules = 20;
const mostCharacters = 64 * 1024;

/** Returns what is wrong with a success policy, which only an Indexed Job may have. */
export function validSuccessPolicy(at: string, spec: JobSpec, policy: SuccessPolicy): Cause[] {
  const { rules = [] } = policy;
  if (spec.completionMode !== 'Indexed')
    return [invalidValue(at, shown(policy), 'requires indexed completion mode')];
  const field = `${at}.rules`;
  const why = 'at least one rules must be specified when the successPolicy is specified';
  return [
    ...(rules.length === 0 ? [required(field, why)] : []),
    ...(rules.length > mostRules ? [tooMany(field, rules.length, mostRules)] : []),
    ...rules.flatMap((rule, i) => validRule(`${field}[${i}]`, spec.completions ?? 0, rule)),
  ];
}

/** Kubernetes shows the policy by the names of its Go fields. */
const shown = ({ rules }: SuccessPolicy) => ({
  Rules:
    rules?.map(({ succeededIndexes = null, succeededCount = null }) => ({
      SucceededIndexes: succeededIndexes,
      SucceededCount: succeededCount,
    })) ?? null,
});

function validRule(at: string, completions: number, rule: SuccessPolicyRule): Cause[] {
  const { succeededCount: count, succeededIndexes: indexes } = rule;
  const causes: Cause[] = [];
  if (count === undefined && indexes === undefined)
    causes.push(required(at, 'at least one of succeededCount or succeededIndexes must be specified'));
  const field = `${at}.succeededIndexes`;
  const counted = countIndexes(indexes ?? '', completions);
  if ((indexes?.length ?? 0) > mostCharacters) causes.push(tooLong(field, mostCharacters));
  if ('problem' in counted)
    causes.push(invalidValue(field, indexes, `error parsing succeededIndexes: ${counted.problem}`));
  if (count === undefined) return causes;
  const countField = `${at}.succeededCount`;
  causes.push(...nonNegative(countField, count));
  const atMost = (limit: number, what: string) => {
    if (count > limit)
      causes.push(
        invalidValue(countField, count, `must be less than or equal to ${limit} (the number of ${what})`),
      );
  };
  atMost(completions, 'specified completions');
  if (indexes !== undefined)
    atMost('total' in counted ? counted.total : 0, 'indexes in the specified succeededIndexes field');
  return causes;
}
