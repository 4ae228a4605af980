/**
 * Makes the object of a custom resource of a plain value, as a real server does: metadata as the Go type has it, fields
 * that no schema knows are gone, nulls too where nothing allows them. Keys are sorted, so that equal objects have equal
 * JSON.
 */
import { isObject } from '../../../meta/isObject.ts';
import type { AnyObject } from '../../../meta/object.ts';
import { DecodeError } from '../../schema/decode-error.ts';
import { jsonType, maxDepth } from '../../schema/mismatch.ts';
import { decodeObject, pathText } from '../../schema/structural.ts';
import { setOwn } from '../../schema/zero.ts';
import {
  isEmbedded,
  isMetaField,
  itemsOf,
  type Json,
  partOf,
  preserves,
  propertyOf,
  type Structural,
  valuesOf,
} from './structural.ts';

const mostProblems = 100;

/**
 * @throws DecodeError. `problems` as in ObjectSchema.decode: those of metadata first, the others sorted.
 * @param keepsNulls leaves nulls where nothing allows them.
 */
export function decodeCustom(
  value: unknown,
  schema: Structural,
  problems?: string[],
  keepsNulls = false,
): AnyObject {
  if (!isObject(value))
    throw new DecodeError(
      `json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`,
    );
  const { kind, apiVersion, metadata, ...content } = value;
  const unknown: string[] = [];
  const meta = metadata === undefined || metadata === null ? {} : metadataOf(metadata, '', problems);
  const late: string[] = [];
  const rest = prune({ ...(problems && { unknown, late }), keepsNulls, path: [] }, content, {
    ...schema,
    type: 'object',
  }) as Json;
  if (problems)
    for (const path of unknown.sort().slice(0, Math.max(0, mostProblems - problems.length)))
      problems.push(`unknown field ${JSON.stringify(path)}`);
  problems?.push(...late);
  return { kind, apiVersion, metadata: meta, ...rest } as AnyObject;
}

/** A value that stands somewhere in an object, without what its schema does not know. */
export const prunedValue = (value: unknown, schema: Structural): unknown =>
  prune({ path: [] }, value, schema);

interface Context {
  /** Receives the paths of what was dropped. */
  unknown?: string[];
  /** Receives what was dropped of the metadata of embedded resources. */
  late?: string[];
  keepsNulls?: boolean;
  path: (string | number)[];
}

/** Metadata as every kind has it; what it does not know is dropped. */
function metadataOf(metadata: unknown, parent: string, problems?: string[]): AnyObject['metadata'] {
  const found: string[] = [];
  const decoded = decodeObject<AnyObject['metadata']>(metadata, 'ObjectMeta', problems && found);
  for (const text of found)
    problems?.push(text.replace('unknown field "', `unknown field "${parent}metadata.`));
  return decoded;
}

/** @param schema undefined where nothing is known, so that every field is unknown. */
function prune(context: Context, value: unknown, schema: Structural | undefined): unknown {
  if (context.path.length > maxDepth) throw new DecodeError('exceeded max depth');
  if (Array.isArray(value)) {
    const items = schema && itemsOf(schema);
    return value.map((item, i) =>
      at(context, i, () =>
        schema && preserves(schema) && !items ? sorted(item) : prune(context, item, items),
      ),
    );
  }
  if (!isObject(value)) return value;
  const pruned: Json = {};
  for (const key of Object.keys(value).sort()) {
    const kept = part(context, value[key], key, schema);
    if (kept !== dropped) setOwn(pruned, key, kept);
  }
  if (schema && isEmbedded(schema)) coerce(pruned, pathText(context.path), context.late);
  return pruned;
}

const dropped = Symbol('dropped');

function part(context: Context, value: unknown, key: string, schema: Structural | undefined): unknown {
  if (schema && isEmbedded(schema) && isMetaField(key)) return value;
  const known = schema && (propertyOf(schema, key) !== undefined || valuesOf(schema) !== undefined);
  if (!known) {
    if (schema && preserves(schema)) return sorted(value);
    if (context.unknown) context.unknown.push(pathText([...context.path, key]));
    return dropped;
  }
  const of = partOf(schema, key);
  if (value === null && of && !of.nullable && of.default === undefined && !context.keepsNulls) return dropped;
  return at(context, key, () => prune(context, value, of));
}

function at<T>({ path }: Context, step: string | number, inner: () => T): T {
  path.push(step);
  const result = inner();
  path.pop();
  return result;
}

/** The same value with the keys of every object in order. */
export function sorted(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw new DecodeError('exceeded max depth');
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (!isObject(value)) return value;
  const result: Json = {};
  for (const key of Object.keys(value).sort()) setOwn(result, key, sorted(value[key], depth + 1));
  return result;
}

/** An object inside the object says what it is, in the right types. */
function coerce(object: Json, path: string, problems?: string[]): void {
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = object[field];
    if (value !== undefined && typeof value !== 'string')
      throw new DecodeError(
        `${path && `${path}.`}${field}: Invalid value: ${JSON.stringify(value)}: must be a string`,
      );
  }
  const { metadata } = object;
  if (metadata === undefined || metadata === null) return;
  try {
    object.metadata = sorted(metadataOf(metadata, path && `${path}.`, problems));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(
      `${path && `${path}.`}metadata: Invalid value: ${JSON.stringify(metadata)}: ${error.message}`,
    );
  }
}
