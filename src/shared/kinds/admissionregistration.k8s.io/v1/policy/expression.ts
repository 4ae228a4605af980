import type { Environment } from '../../../../cel/check/environment.ts';
import { compile, type Program } from '../../../../cel/index.ts';
import { sameType, type Type } from '../../../../cel/types/type.ts';
import type { Cause } from '../../../../errors/apiError.ts';
import { invalidValue } from '../../../validation/causes.ts';

/** An expression of a policy: its program, or what is wrong with it. */
export type PolicyExpression =
  | { readonly expression: string; readonly program: Program }
  | { readonly expression: string; readonly problem: string; readonly internal?: true };

/** @param wanted The types that it may have; any when absent. */
export function compilePolicyExpression(
  expression: string,
  environment: Environment,
  wanted?: readonly Type[],
): PolicyExpression {
  const compiled = compile(expression, environment);
  if ('issues' in compiled) return { expression, problem: `compilation failed: ${compiled.issues}` };
  if ('unplannable' in compiled)
    return { expression, problem: `program instantiation failed: ${compiled.unplannable}`, internal: true };
  const { type } = compiled.program;
  if (!wanted || wanted.some((own) => sameType(own, type))) return { expression, program: compiled.program };
  const names = wanted.map(typeText);
  const shown = names.length === 1 ? names[0] : `one of [${names.join(' ')}]`;
  return { expression, problem: `must evaluate to ${shown} but got ${typeText(type)}` };
}

/** A type in the words of cel-go's own types, which differ from those of its messages. */
const typeText = ({ name, parameters }: Type): string =>
  parameters.length === 0 ? name : `${name}(${parameters.map(typeText).join(', ')})`;

/** The finding about an expression, none when it is fine. */
export function expressionCauses(
  field: string,
  compiled: PolicyExpression,
  shown = compiled.expression,
): Cause[] {
  if ('program' in compiled) return [];
  if (compiled.internal)
    return [{ reason: 'InternalError', message: `Internal error: ${compiled.problem}`, field }];
  return [invalidValue(field, shown, compiled.problem)];
}
