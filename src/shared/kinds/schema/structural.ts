/**
 * Decodes plain values (from JSON or YAML) as Go decodes them into the Kubernetes types, and gives the object that
 * Go would write again: unknown fields, nulls and empty optional values are gone, quantities and times are
 * canonical, fields stand in the order of the type and map keys are sorted, so that equal objects have equal JSON.
 * One difference: a required list that is empty stays [], where Go may write null.
 */
import { DecodeError } from './decode-error.ts';
import { type Ref, type Type, typeOf } from './facts.ts';
import { type Context, goStruct, goType, jsonType, maxDepth, mismatch, type Place } from './mismatch.ts';
import { decodeScalar } from './scalar.ts';
import { decodeSpecial } from './special.ts';
import { complete, isLeftOut, setOwn, zeroOf } from './zero.ts';

type Json = Record<string, unknown>;

/**
 * @param unknownFields receives `unknown field "spec.containerz"` for each field that was dropped, in the order of
 * the input, up to 100; leave it out to drop them silently.
 * @throws DecodeError with Go's words, such as
 * `json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container`.
 */
export function decodeObject<T = Json>(value: unknown, typeName: string, unknownFields?: string[]): T {
  const root = typeOf(typeName);
  return decodeStruct({ unknownFields, root, path: [], fields: [] }, value, root) as T;
}

function decodeStruct(context: Context, value: unknown, type: Type, place?: Place): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(context, jsonType(value), goStruct(type), place);
  }
  const { path, fields } = context;
  if (path.length > maxDepth) throw new DecodeError('exceeded max depth');
  const input = value as Json;
  const output: Json = {};
  let last = -1;
  let ordered = true;
  for (const key in input) {
    const field = type.byName.get(key);
    if (!field) {
      if (context.unknownFields) reportUnknown(context, key);
      continue;
    }
    const inner = input[key];
    if (inner === null || inner === undefined) continue;
    let decoded: unknown = inner;
    if (!isAsItIs(inner, field.ref)) {
      path.push(key);
      fields.push(key);
      decoded = decodeValue(context, inner, field.ref, { owner: type, field });
      path.pop();
      fields.pop();
    }
    if (isLeftOut(field, decoded)) continue;
    output[key] = decoded;
    if (field.index < last) ordered = false;
    last = field.index;
  }
  return complete(output, type, ordered);
}

/** Returns whether there is nothing to do for a value: most are strings, and nobody need know where they stand. */
function isAsItIs(value: unknown, ref: Ref): boolean {
  if (typeof value === 'string') return ref.is === 'enum' || (ref.is === 'scalar' && ref.name === 'string');
  return typeof value === 'boolean' && ref.is === 'scalar' && ref.name === 'bool';
}

function decodeValue(context: Context, value: unknown, ref: Ref, place: Place): unknown {
  switch (ref.is) {
    case 'scalar':
    case 'enum':
      return decodeScalar(context, value, ref, place);
    case 'special':
      return decodeSpecial(context, value, ref.name, place, decodeSchema);
    case 'struct': {
      const type = typeOf(ref.name);
      if (!type.isList) return decodeStruct(context, value, type, place);
      return decodeList(context, value, { is: 'scalar', name: 'string' }, place, ref);
    }
    case 'list':
      return decodeList(context, value, ref.of, place, ref);
    case 'map':
      return decodeMap(context, value, ref, place);
  }
}

const decodeSchema = (context: Context, value: unknown, place: Place) =>
  decodeStruct(context, value, typeOf('JSONSchemaProps'), place);

function decodeList(context: Context, value: unknown, element: Ref, place: Place, list: Ref): unknown[] {
  if (!Array.isArray(value)) throw mismatch(context, jsonType(value), goType(list), place);
  const { path } = context;
  const at = path.push(0) - 1;
  const output = value.map((inner, i) => {
    path[at] = i;
    return inner === null ? zeroOf(element) : decodeValue(context, inner, element, place);
  });
  path.length = at;
  return output;
}

function decodeMap(context: Context, value: unknown, ref: Ref & { is: 'map' }, place: Place): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(context, jsonType(value), goType(ref), place);
  }
  const { path } = context;
  const at = path.push('') - 1;
  const output: Json = {};
  for (const key of sortedKeys(value)) {
    path[at] = key;
    const inner = (value as Json)[key];
    if (isAsItIs(inner, ref.of)) setOwn(output, key, inner);
    else setOwn(output, key, inner === null ? zeroOf(ref.of) : decodeValue(context, inner, ref.of, place));
  }
  path.length = at;
  return output;
}

function sortedKeys(map: object): string[] {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i++) if (keys[i]! < keys[i - 1]!) return keys.sort();
  return keys;
}

const mostProblems = 100;

function reportUnknown({ unknownFields, path }: Context, key: string): void {
  if (unknownFields!.length >= mostProblems) return;
  unknownFields!.push(`unknown field ${JSON.stringify(pathText([...path, key]))}`);
}

/** `spec.containers[0].name`. */
export const pathText = (path: (string | number)[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
