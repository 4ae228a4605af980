import type { Cause } from '../../../../errors/apiError.ts';
import { pathSegmentProblems } from '../../../../meta/names.ts';
import type { MatchResources, NamedRuleWithOperations } from '../../../schema/types.ts';
import { duplicate, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validSelector } from '../../../validation/labels.ts';
import { checked, oneOf } from '../../../validation/rules.ts';
import { resourceCauses } from './resources.ts';

/** Describes which requests something is about, of whatever version of the group. */
export type Matching = Omit<MatchResources, 'matchPolicy'> & { matchPolicy?: string };

/** Finds what is wrong with the constraints of a policy, which must be there and have rules. */
export const matchConstraintsCauses = (field: string, match: Matching | undefined): Cause[] =>
  match
    ? [
        ...matchResourcesCauses(field, match),
        ...(match.resourceRules?.length ? [] : [required(`${field}.resourceRules`)]),
      ]
    : [required(field)];

/** Checks which requests a policy or a binding is about. */
export function matchResourcesCauses(field: string, match: Matching | undefined): Cause[] {
  if (!match) return [];
  const selector = (name: 'namespaceSelector' | 'objectSelector') =>
    match[name] ? validSelector(`${field}.${name}`, match[name]) : [required(`${field}.${name}`)];
  return [
    ...oneOf(`${field}.matchPolicy`, match.matchPolicy, ['Equivalent', 'Exact']),
    ...selector('namespaceSelector'),
    ...selector('objectSelector'),
    ...ruleCauses(`${field}.resourceRules`, match.resourceRules),
    ...ruleCauses(`${field}.excludeResourceRules`, match.excludeResourceRules),
  ];
}

const ruleCauses = (field: string, rules: readonly NamedRuleWithOperations[] = []): Cause[] =>
  rules.flatMap((rule, index) => [
    ...nameCauses(`${field}[${index}].resourceNames`, rule.resourceNames),
    ...ruleWithOperationsCauses(`${field}[${index}]`, rule),
  ]);

function nameCauses(field: string, names: readonly string[] = []): Cause[] {
  return names.flatMap((name, index) => [
    ...checked(`${field}[${index}]`, name, pathSegmentProblems),
    ...(names.indexOf(name) < index ? [duplicate(`${field}[${index}]`, name)] : []),
  ]);
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

/** A rule of a policy or a webhook: operations, groups, versions, resources and scope. */
export function ruleWithOperationsCauses(field: string, rule: NamedRuleWithOperations): Cause[] {
  const { operations: wanted = [], apiGroups = [], apiVersions = [], scope } = rule;
  const alone = (name: string, values: readonly string[], others: string) =>
    values.length > 1 && values.includes('*')
      ? [invalidValue(`${field}.${name}`, values, `if '*' is present, must not specify other ${others}`)]
      : [];
  const some = (name: string, values: readonly string[]) =>
    values.length === 0 ? [required(`${field}.${name}`)] : [];
  return [
    ...some('operations', wanted),
    ...alone('operations', wanted, 'operations'),
    ...wanted.flatMap((operation, index) =>
      operations.includes(operation)
        ? []
        : [notSupported(`${field}.operations[${index}]`, operation, operations)],
    ),
    ...some('apiGroups', apiGroups),
    ...alone('apiGroups', apiGroups, 'API groups'),
    ...some('apiVersions', apiVersions),
    ...alone('apiVersions', apiVersions, 'API versions'),
    ...apiVersions.flatMap((version, index) =>
      version === '' ? [required(`${field}.apiVersions[${index}]`)] : [],
    ),
    ...resourceCauses(`${field}.resources`, rule.resources),
    ...(scope !== undefined && !scopes.includes(scope)
      ? [notSupported(`${field}.scope`, scope, scopes)]
      : []),
  ];
}
