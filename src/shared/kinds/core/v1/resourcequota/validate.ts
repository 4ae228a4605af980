import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { parseQuantity } from '../../../../meta/quantity.ts';
import type {
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
  ScopeSelector,
} from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { fieldImmutable } from '../../../validation/rules.ts';
import type { Amounts } from '../amounts.ts';
import { validResourceName } from '../pod/validate/resources.ts';
import { isStandardQuota, isWhole, scopes as known, scopeFits } from './names.ts';

export function validate({ spec = {} }: ResourceQuota, old?: ResourceQuota): Cause[] {
  const causes = [...validAmounts('spec.hard', spec.hard), ...validScopes(spec), ...validSelector(spec)];
  const [now, before] = [spec.scopes ?? [], old?.spec?.scopes ?? []].map((scopes) => new Set(scopes));
  if (old && (now!.size !== before!.size || [...now!].some((scope) => !before!.has(scope))))
    causes.push(invalidValue('spec.scopes', spec.scopes, fieldImmutable));
  return causes;
}

export const validateStatus = ({ status }: ResourceQuota): Cause[] => [
  ...validAmounts('status.hard', status?.hard),
  ...validAmounts('status.used', status?.used),
];

function validAmounts(field: string, amounts: Amounts = {}): Cause[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const at = `${field}[${name}]`;
    const causes = validResourceName(at, name);
    if (!name.includes('/') && !isStandardQuota(name))
      causes.push(invalidValue(at, name, 'must be a standard resource for quota'));
    const nanos = parseQuantity(amount) ?? 0n;
    if (nanos < 0n) causes.push(invalidValue(at, amount, 'must be greater than or equal to 0'));
    if (isWhole(name) && nanos % 1_000_000_000n !== 0n)
      causes.push(invalidValue(at, amount, 'must be an integer'));
    return causes;
  });
}

function validScopes({ scopes = [], hard = {} }: ResourceQuotaSpec): Cause[] {
  const at = 'spec.scopes';
  const causes = scopes.flatMap((scope) => [
    ...(known.includes(scope) ? [] : [invalidValue(at, scopes, 'unsupported scope')]),
    ...unfit(at, scope, hard, scopes),
  ]);
  return [...causes, ...conflicts(at, scopes, scopes)];
}

function validSelector({ scopeSelector, scopes, hard = {} }: ResourceQuotaSpec): Cause[] {
  if (!scopeSelector) return [];
  const at = 'spec.scopeSelector.matchExpressions';
  const expressions = scopeSelector.matchExpressions ?? [];
  const causes: Cause[] = [];
  for (const expression of expressions) {
    const { scopeName } = expression;
    if (!known.includes(scopeName))
      causes.push(invalidValue(`${at}.scopeName`, scopeName, 'unsupported scope'));
    addAll(causes, unfit(at, scopeName, hard, shown(scopeSelector)), validOperator(at, expression));
  }
  const named = expressions.map(({ scopeName }) => scopeName);
  return [...causes, ...conflicts(at, named, scopes)];
}

/** As Kubernetes shows it, by its fields in Go. */
const shown = ({ matchExpressions }: ScopeSelector) => ({
  MatchExpressions: (matchExpressions ?? []).map(({ scopeName, operator, values }) => ({
    ScopeName: scopeName,
    Operator: operator,
    Values: values ?? null,
  })),
});

const unfit = (at: string, scope: string, hard: Amounts, value: unknown): Cause[] =>
  Object.keys(hard)
    .filter((name) => isStandardQuota(name) && !scopeFits(scope, name))
    .map(() => invalidValue(at, value, 'unsupported scope applied to resource'));

function validOperator(at: string, { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement) {
  const causes: Cause[] = [];
  const hasValues = scopeName === 'PriorityClass' || scopeName === 'VolumeAttributesClass';
  if (!hasValues && known.includes(scopeName) && operator !== 'Exists')
    causes.push(
      invalidValue(
        `${at}.operator`,
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ),
    );
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    if (!values.length) causes.push(required(`${at}.values`, why));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values.length) causes.push(invalidValue(`${at}.values`, values, why));
  } else causes.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
  return causes;
}

const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];

const conflicts = (at: string, named: readonly string[], value: unknown): Cause[] =>
  opposites
    .filter((pair) => pair.every((scope) => named.includes(scope)))
    .map(() => invalidValue(at, value, 'conflicting scopes'));
