import { extend } from '../../../cel/check/environment.ts';
import { kubernetesEnvironment } from '../../../cel/environment.ts';
import { compile, type Program } from '../../../cel/index.ts';
import { optionalOf, type Type } from '../../../cel/types/type.ts';
import type { JSONSchemaProps, ValidationRule } from '../../schema/types.ts';
import { type Declaration, objectsWithin, sizesOf, typeOfDeclaration } from './declaration.ts';
import { fieldPathOf } from './fieldPath.ts';

/** A rule of a schema, ready to be evaluated, or what is wrong with it. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Absent for an empty rule and for one that has a problem. */
  readonly program?: Program;
  readonly problem?: string;
  readonly message?: Program;
  readonly messageProblem?: string;
  readonly usesOldSelf: boolean;
  /** The most that the rule and its message may cost when they are evaluated once. */
  readonly cost: number;
  readonly messageCost: number;
  /** Says where below the value the finding belongs. */
  readonly fieldPath?: string;
}

const selfType = 'selfType';

/** Compiles the rules that stand at one place of a schema. */
export function compileRules(schema: JSONSchemaProps, declaration: Declaration): CompiledRule[] {
  return (schema['x-kubernetes-validations'] ?? []).map((rule) => compileRule(rule, schema, declaration));
}

function compileRule(rule: ValidationRule, schema: JSONSchemaProps, declaration: Declaration): CompiledRule {
  const none = { rule, usesOldSelf: false, cost: 0, messageCost: 0 };
  if (rule.rule.trim() === '') return none;
  const type = typeOfDeclaration(declaration, selfType);
  const environment = extend(
    kubernetesEnvironment,
    { self: type, oldSelf: rule.optionalOldSelf ? optionalOf(type) : type },
    objectsWithin(declaration, selfType),
  );
  const sizeOf = sizesOf(declaration);
  const own = compileTo(rule.rule, environment, 'bool', '', 'cel expression must evaluate to a bool');
  if ('problem' in own) return { ...none, problem: own.problem };
  const { program } = own;
  const found = {
    rule,
    program,
    usesOldSelf: program.uses('oldSelf'),
    cost: program.estimate(sizeOf).max,
    messageCost: 0,
  };
  const path = rule.fieldPath ? fieldPathOf(rule.fieldPath, schema) : undefined;
  const placed = path && 'path' in path ? { ...found, fieldPath: path.path } : found;
  if (!rule.messageExpression) return placed;
  const message = compileTo(
    rule.messageExpression,
    environment,
    'string',
    'messageExpression ',
    'messageExpression must evaluate to a string',
  );
  if ('problem' in message) return { ...found, messageProblem: message.problem };
  return { ...placed, message: message.program, messageCost: message.program.estimate(sizeOf).max };
}

function compileTo(
  expression: string,
  environment: Parameters<typeof compile>[1],
  wanted: Type['name'],
  prefix: string,
  wrongType: string,
): { readonly program: Program } | { readonly problem: string } {
  const compiled = compile(expression, environment);
  if ('issues' in compiled) return { problem: `${prefix}compilation failed: ${compiled.issues}` };
  if ('unplannable' in compiled) {
    const what = prefix === '' ? 'program' : 'messageExpression';
    return { problem: `${what} instantiation failed: ${compiled.unplannable}` };
  }
  return compiled.program.type.name === wanted ? compiled : { problem: wrongType };
}
