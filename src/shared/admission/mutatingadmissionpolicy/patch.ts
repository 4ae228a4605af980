import { ObjectValue, OperationValue, objectJson } from '../../cel/library/kubernetes/patchTypes.ts';
import { List } from '../../cel/values/list.ts';
import { NoJson } from '../../cel/values/toJson.ts';
import type { Value } from '../../cel/values/value.ts';
import { ApiError } from '../../errors/apiError.ts';
import { internalError } from '../../errors/common.ts';
import { DecodeError, strictDecodingError } from '../../kinds/schema/decode-error.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { PatchType } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { jsonPatch, TestFailed } from '../../patch/json.ts';
import type { Operation } from '../../patch/operations.ts';
import { atomicsIn } from '../../patch/structured/atomics.ts';
import { duplicateIn } from '../../patch/structured/duplicates.ts';
import { merge } from '../../patch/structured/merge.ts';
import { checkKind } from '../sameKind.ts';

/** Describes why a patch cannot be made or applied, in upstream's words: the failure policy decides what that means. */
export class PatchProblem extends Error {}

/** A patch as data. */
type Patch = { readonly configuration: object } | { readonly operations: Operation[] };

/** What a mutation comes to: a patch, or why there is none. */
export type Made = Patch | { readonly problem: string };

/**
 * The patch that an expression came to.
 * @throws PatchProblem
 */
export const patchOf = (patchType: PatchType, value: Value): Patch =>
  patchType === 'JSONPatch' ? { operations: operationsOf(value) } : { configuration: configurationOf(value) };

/**
 * The object after a patch, decoded.
 * @throws PatchProblem, and InternalError when what the operations make is no object of the kind.
 */
export const patchedBy = (made: Made, object: AnyObject, schema: ObjectSchema): AnyObject => {
  if ('problem' in made) throw new PatchProblem(made.problem);
  const patched =
    'operations' in made
      ? operated(made.operations, object, schema)
      : applied(made.configuration, object, schema);
  checkKind(patched, object);
  return patched;
};

function configurationOf(value: Value): object {
  if (!(value instanceof ObjectValue))
    throw new PatchProblem('unsupported return type from ApplyConfiguration expression');
  checkNames(value);
  try {
    return objectJson(value) as object;
  } catch (error) {
    if (error instanceof NoJson) throw new PatchProblem(`invalid return type: ${error.message}`);
    throw error;
  }
}

function applied(configuration: object, object: AnyObject, schema: ObjectSchema): AnyObject {
  const { apiVersion, kind } = object;
  const failed = (why: string) => new PatchProblem(`error applying patch: ${why}`);
  const untyped = (why: string) => failed(`failed to convert patch object to typed object: ${why}`);
  try {
    const patch = { ...configuration, apiVersion, kind } as AnyObject;
    const problems: string[] = [];
    schema.decode(patch, problems);
    const unknown = problems.flatMap((text) => /^unknown field "(.*)"$/.exec(text)?.[1] ?? []);
    if (unknown.length > 0)
      throw untyped(listed(unknown.map((path) => `.${path}: field not declared in schema`)));
    const twice = duplicateIn(patch, schema.shape);
    if (twice) throw untyped(twice);
    const atomics = atomicsIn(patch, schema.shape);
    if (atomics.length > 0)
      throw failed(
        `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`,
      );
    return schema.decode(merge(object, patch, schema.shape));
  } catch (error) {
    if (error instanceof DecodeError) throw untyped(mergeWords(error.message));
    throw error;
  }
}

/** A number that is none, as structured-merge-diff says it; the rest in the words of the decoder. */
function mergeWords(message: string): string {
  const [, found, path] =
    /^json: cannot unmarshal (\w+) into Go struct field \w+\.([\w.]+) of type (?:int|float)\d+$/.exec(
      message,
    ) ?? [];
  return found === undefined ? message : `.${path}: expected numeric (int or float), got ${found}`;
}

/** Several findings as structured-merge-diff shows them. */
const listed = (problems: readonly string[]): string =>
  problems.length === 1 ? problems[0]! : `errors:\n${problems.map((text) => `  ${text}`).join('\n')}`;

function operated(operations: Operation[], object: AnyObject, schema: ObjectSchema): AnyObject {
  let patched: unknown;
  try {
    patched = jsonPatch(object, operations);
  } catch (error) {
    const cause = error instanceof ApiError ? error.cause : undefined;
    // A test that fails takes the patch back, and that is all.
    if (cause instanceof TestFailed) return object;
    if (cause instanceof Error) throw new PatchProblem(`JSON Patch: ${cause.message}`);
    throw error;
  }
  try {
    const problems: string[] = [];
    const decoded = schema.decode(patched, problems);
    if (schema.goType && problems.length > 0) throw internalError(strictDecodingError(problems));
    return decoded;
  } catch (error) {
    if (error instanceof DecodeError) throw internalError(error.message);
    throw error;
  }
}

function operationsOf(value: Value): Operation[] {
  if (!(value instanceof List))
    throw new PatchProblem('type mismatch: JSONPatchType.expression should evaluate to array');
  return Array.from({ length: value.size }, (_, index) => {
    const operation = value.at(index);
    if (!(operation instanceof OperationValue))
      throw new PatchProblem('type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch');
    const { op, path, from, value: given } = operation;
    return { op, path, ...(from && { from }), ...(given !== undefined && { value: jsonOf(given) }) };
  });
}

function jsonOf(value: Value): unknown {
  if (value instanceof ObjectValue) checkNames(value);
  try {
    return objectJson(value);
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    throw new PatchProblem(
      `JSONPath valueExpression evaluated to a type that could not marshal to JSON: ${error.message}`,
    );
  }
}

function checkNames(value: ObjectValue): void {
  const misnamed = value.misnamed();
  if (misnamed.length > 0) throw new PatchProblem(`type mismatch: ${misnamed.join('\n')}`);
}
