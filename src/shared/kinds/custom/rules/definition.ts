import type { Cause } from '../../../errors/apiError.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { forbidden, invalidValue } from '../../validation/causes.ts';
import { costMessage, type ExpressionCost, totalCauses } from './costs.ts';
import { type Declaration, declarationOf, mostRequestBytes } from './declaration.ts';
import { escapeName } from './escape.ts';
import { type CompiledRule, compileRules } from './rule.ts';

/** The most that one expression may cost, on all the places where it may be evaluated in one object. */
const expressionLimit = 10_000_000;

/**
 * Returns what is wrong with the rules in a structural schema: expressions that do not compile or cost too much, each alone
 * and all together. Call it when the schema is structural and its defaults are valid.
 * @param path Where the schema stands: `spec.validation.openAPIV3Schema`, `spec.versions[0].schema.openAPIV3Schema`.
 * @param wrong What else is wrong with it: rules that stand around that are not looked at.
 */
export function ruleCauses(schema: JSONSchemaProps, path: string, wrong: readonly Cause[] = []): Cause[] {
  const visit: Visit = { causes: [], costs: [], wrong: around(wrong) };
  visitSchema(visit, schema, {
    path,
    count: 1,
    uncorrelatable: undefined,
    root: true,
    declaration: undefined,
  });
  return [...visit.causes, ...totalCauses(visit.costs, path)];
}

interface Visit {
  readonly causes: Cause[];
  readonly costs: ExpressionCost[];
  /** Paths of what is wrong already, and of all around it. */
  readonly wrong: ReadonlySet<string>;
}

interface Place {
  readonly path: string;
  /** Says how many values an object may have at this place; undefined when nothing bounds it. */
  readonly count: number | undefined;
  /** The outermost list around it whose items cannot be told from each other after an update. */
  readonly uncorrelatable: string | undefined;
  readonly root: boolean;
  /** Is what the schema around declares of this place. */
  readonly declaration: Declaration | undefined;
}

function visitSchema(visit: Visit, schema: JSONSchemaProps, place: Place): void {
  const rules = schema['x-kubernetes-validations'] ?? [];
  const isRoot = place.root || schema['x-kubernetes-embedded-resource'] === true;
  const declaration = place.declaration ?? (rules.length > 0 ? declarationOf(schema, isRoot) : undefined);
  const count = countWithin(schema, place.count);
  const inner = (
    path: string,
    part: Declaration | undefined,
    uncorrelatable = place.uncorrelatable,
  ): Place => ({
    path: `${place.path}.${path}`,
    count,
    uncorrelatable,
    root: false,
    declaration: part,
  });
  const { additionalProperties: values, properties = {}, items } = schema;
  if (typeof values === 'object')
    visitSchema(visit, values, inner('additionalProperties', declaration?.element));
  const mapType = schema['x-kubernetes-map-type'];
  const loose = mapType === undefined || mapType === 'granular' || mapType === 'atomic';
  for (const [name, property] of Object.entries(properties)) {
    const escaped = escapeName(name);
    const field = escaped === undefined ? undefined : declaration?.fields?.get(escaped);
    visitSchema(
      visit,
      property,
      inner(`properties[${name}]`, field, place.uncorrelatable ?? (loose ? undefined : place.path)),
    );
  }
  if (items && !Array.isArray(items)) {
    const keyed = schema['x-kubernetes-list-type'] === 'map';
    visitSchema(
      visit,
      items,
      inner('items', declaration?.element, place.uncorrelatable ?? (keyed ? undefined : place.path)),
    );
  }
  if (rules.length > 0 && !visit.wrong.has(place.path)) checkRules(visit, schema, place, declaration);
}

/** `a.b[c].d` is wrong within `a.b[c]`, `a.b` and `a`. Dots in names add paths that are none, which nobody looks up. */
function around(wrong: readonly Cause[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { field = '' } of wrong)
    for (
      let at = field.lastIndexOf('.');
      at > 0 && !paths.has(field.slice(0, at));
      at = field.lastIndexOf('.', at - 1)
    )
      paths.add(field.slice(0, at));
  return paths;
}

/** A list or map multiplies what is within it. */
function countWithin(schema: JSONSchemaProps, count: number | undefined): number | undefined {
  if (count === undefined) return undefined;
  const bounded = (most: number | undefined) =>
    most === undefined ? undefined : count * Math.max(0, Number(most));
  if (schema.type === 'array') return bounded(schema.maxItems);
  return schema.type === 'object' && schema.additionalProperties !== undefined
    ? bounded(schema.maxProperties)
    : count;
}

function checkRules(
  visit: Visit,
  schema: JSONSchemaProps,
  place: Place,
  declaration: Declaration | undefined,
): void {
  const path = `${place.path}.x-kubernetes-validations`;
  if (!declaration) {
    const what = 'failed to construct type information for x-kubernetes-validations rules';
    const message = `Internal error: internal error: ${what}: unable to convert structural schema to CEL declarations`;
    visit.causes.push({ reason: 'InternalError', message, field: path });
    return;
  }
  // What fits into a request bounds what no schema bounds.
  const times = place.count ?? Math.floor(mostRequestBytes / (declaration.minBytes + 1));
  for (const [index, compiled] of compileRules(schema, declaration).entries())
    checkRule(visit, compiled, `${path}[${index}]`, compiled.cost * times, place.uncorrelatable);
}

function checkRule(
  { causes, costs }: Visit,
  compiled: CompiledRule,
  path: string,
  cost: number,
  uncorrelatable: string | undefined,
): void {
  const { rule, problem, message, messageProblem, messageCost } = compiled;
  if (cost > expressionLimit)
    causes.push(forbidden(`${path}.rule`, costMessage('estimated rule cost', cost, expressionLimit)));
  costs.push({ path: `${path}.rule`, cost });
  if (problem !== undefined) causes.push(invalidValue(`${path}.rule`, shown(rule), problem));
  if (messageProblem !== undefined)
    causes.push(invalidValue(`${path}.messageExpression`, shown(rule), messageProblem));
  if (message) {
    if (messageCost > expressionLimit)
      causes.push(
        forbidden(
          `${path}.messageExpression`,
          costMessage('estimated messageExpression cost', messageCost, expressionLimit),
        ),
      );
    costs.push({ path: `${path}.messageExpression`, cost: messageCost });
  }
  if (compiled.usesOldSelf && uncorrelatable !== undefined)
    causes.push(
      invalidValue(
        `${path}.rule`,
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`,
      ),
    );
  if (!compiled.usesOldSelf && rule.optionalOldSelf !== undefined)
    causes.push(
      invalidValue(
        `${path}.optionalOldSelf`,
        rule.optionalOldSelf,
        'may not be set if oldSelf is not used in rule',
      ),
    );
}

/** A rule as messages show it: with all fields of its Go type, in their order. */
const shown = ({
  rule,
  message = '',
  messageExpression = '',
  reason,
  fieldPath = '',
  optionalOldSelf,
}: CompiledRule['rule']) => ({
  Rule: rule,
  Message: message,
  MessageExpression: messageExpression,
  Reason: reason ?? null,
  FieldPath: fieldPath,
  OptionalOldSelf: optionalOldSelf ?? null,
});
