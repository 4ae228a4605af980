import type { Bindings } from '../../../cel/eval/frame.ts';
import type { Evaluation } from '../../../cel/index.ts';
import { type Failure, failed, Optional, type Outcome } from '../../../cel/values/value.ts';
import type { Cause } from '../../../errors/apiError.ts';
import type { JSONSchemaProps, ValidationRule } from '../../schema/types.ts';
import { duplicate, forbidden, invalidValue, required } from '../../validation/causes.ts';
import { evaluateMessage } from './message.ts';
import type { CompiledRule } from './rule.ts';
import type { Ratchet, Visit } from './validateNode.ts';
import type { RuleNode } from './validator.ts';
import { schemaValue } from './values.ts';

/** Evaluates the rules at one place; what they find goes to the visit, as does what they cost. */
export function evaluateRules(
  visit: Visit,
  { rules, schema }: RuleNode,
  path: string,
  value: unknown,
  old: unknown,
  ratchet: Ratchet,
): void {
  if (rules.length === 0) return;
  const field = path || '<nil>';
  const invalid = (why: string) => visit.causes.push(invalidValue(field, schema.type ?? '', why));
  if (visit.budget <= 0) {
    invalid('validation failed due to running out of cost budget, no further validation rules will be run');
    visit.budget = -1;
    return;
  }
  const hasOld = old !== undefined && old !== null;
  const bindings = bindingsOf(schema, value, hasOld ? old : undefined);
  for (const compiled of rules) {
    if (visit.budget < 0) return;
    if (compiled.problem !== undefined) invalid(`rule compile error: ${compiled.problem}`);
    const { program, rule } = compiled;
    if (!program || (compiled.usesOldSelf && !hasOld && !rule.optionalOldSelf)) continue;
    const bound = rule.optionalOldSelf ? bindings.optional : bindings.plain;
    const evaluation = program.evaluate(bound);
    const why = trouble(visit, evaluation, rule);
    if (why !== undefined) invalid(why);
    if (failed(evaluation.outcome) || evaluation.outcome === true || visit.budget < 0) continue;
    report(visit, compiled, schema, field, path, value, bound, ratchet);
  }
}

function bindingsOf(
  schema: JSONSchemaProps,
  value: unknown,
  old: unknown,
): { plain: Bindings; optional: Bindings } {
  const self = schemaValue(value, schema);
  let oldSelf: Outcome | undefined;
  const before = () => (oldSelf ??= old === undefined ? undefined : schemaValue(old, schema));
  const optional = (): Outcome => {
    const found = before();
    return found === undefined ? Optional.none : failed(found) ? found : new Optional(found);
  };
  return {
    plain: (name) => (name === 'self' ? self : name === 'oldSelf' ? before() : undefined),
    optional: (name) => (name === 'self' ? self : name === 'oldSelf' ? optional() : undefined),
  };
}

/** Takes the cost from the budget, and says why a rule came to no result. */
function trouble(
  visit: Visit,
  { outcome, cost, exceeded }: Evaluation,
  rule: ValidationRule,
): string | undefined {
  if (cost > visit.budget) {
    visit.budget = -1;
    return 'validation failed due to running out of cost budget, no further validation rules will be run';
  }
  visit.budget -= cost;
  if (!failed(outcome)) return undefined;
  const { message } = outcome as Failure;
  if (message.startsWith('no such overload'))
    return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`;
  if (exceeded) {
    visit.budget = -1;
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(rule)}`;
  }
  return `${message} evaluating rule: ${ruleText(rule)}`;
}

const ruleText = ({ message, rule }: ValidationRule): string => (message || rule).trim();

function report(
  visit: Visit,
  compiled: CompiledRule,
  schema: JSONSchemaProps,
  field: string,
  path: string,
  value: unknown,
  bindings: Bindings,
  ratchet: Ratchet,
): void {
  const { rule, fieldPath } = compiled;
  const at = fieldPath ? `${path}${path && '.'}${fieldPath}` : field;
  const unchanged = !compiled.usesOldSelf && (ratchet.current ?? ratchet.parent)?.isEqual();
  const into = unchanged ? visit.warnings : visit.causes;
  const message =
    compiled.message && evaluateMessage(visit, compiled.message, rule.messageExpression!, bindings);
  if (message && 'fatal' in message) {
    into.push(invalidValue(at, schema.type ?? '', message.fatal));
    return;
  }
  const own = rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`;
  into.push(causeOf(at, schema, value, message?.text ?? own, rule.reason));
}

function causeOf(
  field: string,
  schema: JSONSchemaProps,
  value: unknown,
  detail: string,
  reason: ValidationRule['reason'],
): Cause {
  const whole = schema.type === 'object' || schema.type === 'array';
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueRequired':
      return required(field, detail);
    case 'FieldValueDuplicate':
      return whole ? { reason, message: 'Duplicate value', field } : duplicate(field, value);
    default:
      // Lists and objects are not shown.
      return whole
        ? { reason: 'FieldValueInvalid', message: `Invalid value: ${detail}`, field }
        : invalidValue(field, value, detail);
  }
}
