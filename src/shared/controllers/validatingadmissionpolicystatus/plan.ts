import { policyEnvironment } from '../../kinds/admissionregistration.k8s.io/v1/policy/environment.ts';
import {
  compilePolicyExpression,
  type PolicyExpression,
} from '../../kinds/admissionregistration.k8s.io/v1/policy/expression.ts';
import {
  type Typed,
  typedByFacts,
  typedBySchema,
} from '../../kinds/admissionregistration.k8s.io/v1/policy/typed.ts';
import { compileVariables } from '../../kinds/admissionregistration.k8s.io/v1/policy/variables.ts';
import type {
  ExpressionWarning,
  JSONSchemaProps,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicy,
} from '../../kinds/schema/types.ts';

/** A kind that a policy is about, with what declares its fields: a type of the schema facts, or a definition's schema. */
export interface Subject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly declared: { readonly goType: string } | { readonly schema: JSONSchemaProps };
}

/** Describes a policy whose expressions are to be checked, as data. */
export interface TypeCheck {
  readonly policy: ValidatingAdmissionPolicy;
  readonly subjects: readonly Subject[];
  readonly params: Subject | undefined;
}

/** Returns what is wrong with the expressions of a policy for each of its subjects. */
export function warningsAbout({ policy: { spec }, subjects, params }: TypeCheck): ExpressionWarning[] {
  const check = checker(spec?.variables, subjects, params && typedOf(params));
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
  const environments = subjects.flatMap((subject) => {
    const object = typedOf(subject);
    if (!object) return [];
    const offered = { params: params !== undefined, authorizer: true, object, paramsType: params };
    const { fields } = compileVariables(variables, offered);
    return [{ ...subject, environment: policyEnvironment({ ...offered, variables: fields }) }];
  });
  return (expression) =>
    environments
      .flatMap(({ group, version, kind, environment }) => {
        const problem = problemOf(compilePolicyExpression(expression, environment));
        return problem === undefined ? [] : [`${group}/${version}, Kind=${kind}: ${problem}\n`];
      })
      .join('\n');
}

const typedOf = ({ kind, declared }: Subject): Typed | undefined =>
  'goType' in declared ? typedByFacts(declared.goType, kind) : typedBySchema(declared.schema, kind);

const problemOf = (compiled: PolicyExpression): string | undefined =>
  'problem' in compiled ? compiled.problem.replace(/^compilation failed: /, '') : undefined;

/** No more kinds than these are checked. */
const mostSubjects = 10;

/** Finds kinds by their resource. */
type FindSubjects = (group: string, version: string, resource: string) => readonly Subject[];

/** Returns the kinds that a policy's rules name without wildcards. */
export function subjectsOf({ spec }: ValidatingAdmissionPolicy, find: FindSubjects): Subject[] {
  const found = new Map<string, Subject>();
  for (const rule of spec?.matchConstraints?.resourceRules ?? [])
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
