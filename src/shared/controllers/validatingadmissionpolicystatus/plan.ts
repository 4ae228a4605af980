import { policyEnvironment } from '../../kinds/admissionregistration.k8s.io/v1/policy/environment.ts';
import {
  compilePolicyExpression,
  type PolicyExpression,
} from '../../kinds/admissionregistration.k8s.io/v1/policy/expression.ts';
import type { Typed } from '../../kinds/admissionregistration.k8s.io/v1/policy/typed.ts';
import { compileVariables } from '../../kinds/admissionregistration.k8s.io/v1/policy/variables.ts';
import type {
  ExpressionWarning,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicy,
} from '../../kinds/schema/types.ts';

/** A kind that a policy is about. */
export interface Subject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly typed: Typed;
}

/** Finds kinds by their resource. */
export type FindSubjects = (group: string, version: string, resource: string) => readonly Subject[];

/** Returns what is wrong with the expressions of a policy for each of the kinds that it names. */
export function warningsAbout(
  { spec }: ValidatingAdmissionPolicy,
  find: FindSubjects,
  params: Typed | undefined,
): ExpressionWarning[] {
  const check = checker(
    spec?.variables,
    subjectsOf(spec?.matchConstraints?.resourceRules ?? [], find),
    params,
  );
  return (spec?.validations ?? []).flatMap(({ expression, messageExpression }, index) => {
    const at = `spec.validations[${index}]`;
    return [
      { fieldRef: `${at}.expression`, warning: check(expression) },
      ...(messageExpression
        ? [{ fieldRef: `${at}.messageExpression`, warning: check(messageExpression) }]
        : []),
    ].filter(({ warning }) => warning !== '');
  });
}

type Variables = NonNullable<ValidatingAdmissionPolicy['spec']>['variables'];

function checker(
  variables: Variables,
  subjects: readonly Subject[],
  params: Typed | undefined,
): (expression: string) => string {
  const environments = subjects.map(({ typed }) => {
    const offered = { params: params !== undefined, authorizer: true, object: typed, paramsType: params };
    return policyEnvironment({ ...offered, variables: compileVariables(variables, offered).fields });
  });
  return (expression) =>
    subjects
      .flatMap(({ group, version, kind }, index) => {
        const problem = problemOf(compilePolicyExpression(expression, environments[index]!));
        return problem === undefined ? [] : [`${group}/${version}, Kind=${kind}: ${problem}\n`];
      })
      .join('\n');
}

const problemOf = (compiled: PolicyExpression): string | undefined =>
  'problem' in compiled ? compiled.problem.replace(/^compilation failed: /, '') : undefined;

/** No more kinds than these are checked. */
const mostSubjects = 10;

/** The kinds that rules name without wildcards. */
function subjectsOf(rules: readonly NamedRuleWithOperations[], find: FindSubjects): Subject[] {
  const found = new Map<string, Subject>();
  for (const rule of rules)
    for (const [group, version, resource] of triplesOf(rule)) {
      for (const subject of find(group, version, resource))
        found.set([subject.group, subject.version, subject.kind].join('/'), subject);
      if (found.size >= mostSubjects) return sorted(found);
    }
  return sorted(found);
}

function triplesOf({ apiGroups = [], apiVersions = [], resources = [] }: NamedRuleWithOperations) {
  if ([...apiGroups, ...apiVersions].some((text) => text.includes('*'))) return [];
  const plain = resources.filter((resource) => !/[*/]/.test(resource)).sort();
  return [...apiGroups]
    .sort()
    .flatMap((group) =>
      [...apiVersions]
        .sort()
        .flatMap((version) => plain.map((resource): [string, string, string] => [group, version, resource])),
    );
}

const sorted = (subjects: ReadonlyMap<string, Subject>): Subject[] =>
  [...subjects.values()].sort(
    (a, b) => order(a.group, b.group) || order(a.version, b.version) || order(a.kind, b.kind),
  );
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
