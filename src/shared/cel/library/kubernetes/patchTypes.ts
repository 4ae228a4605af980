import { table } from '../../../meta/table.ts';
import type { Fields, Objects } from '../../check/environment.ts';
import { dynType, listOf, objectType, stringType, type Type } from '../../types/type.ts';
import { EntryDict } from '../../values/dict.ts';
import { equal } from '../../values/equal.ts';
import { ArrayList, List } from '../../values/list.ts';
import { Struct } from '../../values/struct.ts';
import { NoJson, toJson } from '../../values/toJson.ts';
import { type Failure, fail, failed, type Outcome, type Value } from '../../values/value.ts';

/** Is what an apply configuration evaluates to, and what a JSON patch does. */
export const objectPatchType = objectType('Object');
export const jsonPatchListType = listOf(objectType('JSONPatch'));

/**
 * The types that expressions of mutating policies make patches of. Those of objects are named by their paths
 * (`Object.spec.template`), may have any field, and are held against the schema when the patch is applied.
 */
export const patchTypes: Objects = {
  get: (name) => (name === 'JSONPatch' ? operationFields : isObjectName(name) ? anyFields : undefined),
  make: (name, given) => {
    if (name === 'JSONPatch') return operation(given);
    return isObjectName(name) ? new ObjectValue(name, given) : undefined;
  },
};

const isObjectName = (name: string): boolean => name === 'Object' || name.startsWith('Object.');

const operationFields: Fields = new Map([
  ['op', stringType],
  ['path', stringType],
  ['from', stringType],
  ['value', dynType],
]);

class AnyFields extends Map<string, Type> {
  override get(): Type {
    return dynType;
  }
  override has(): boolean {
    return true;
  }
}
const anyFields: Fields = new AnyFields();

type Given = ReadonlyMap<string, Value>;

/** Describes what `Object{…}` and `Object.spec{…}` make. */
export class ObjectValue extends Struct {
  readonly typeName: string;
  readonly fields: Given;

  constructor(typeName: string, fields: Given) {
    super();
    this.typeName = typeName;
    this.fields = fields;
  }
  override get isZero(): boolean {
    return this.fields.size === 0;
  }
  override has(field: string): boolean {
    return this.fields.has(field);
  }
  /** What has been read out of an object is data; what is not there is null. */
  override read(field: string): Outcome {
    return plain(this.fields.get(field) ?? null);
  }
  override equals(other: Value): boolean {
    return (
      other instanceof ObjectValue &&
      other.typeName === this.typeName &&
      other.fields.size === this.fields.size &&
      [...this.fields].every(([name, value]) => {
        const theirs = other.fields.get(name);
        return theirs !== undefined && equal(value, theirs) === true;
      })
    );
  }

  /** Names of types within that are not those of their places, in upstream's words. */
  misnamed(path = this.typeName): string[] {
    const wrong =
      path === this.typeName
        ? []
        : [
            `unexpected type name ${JSON.stringify(this.typeName)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`,
          ];
    return [...wrong, ...[...this.fields].flatMap(([name, value]) => misnamedIn(value, `${path}.${name}`))];
  }
}

/** Lists and maps have no names of their own. */
function misnamedIn(value: Value, path: string): string[] {
  if (value instanceof ObjectValue) return value.misnamed(path);
  const within =
    value instanceof ArrayList
      ? Array.from({ length: value.size }, (_, index) => value.at(index))
      : value instanceof EntryDict
        ? Array.from(value.keys(), (key) => value.find(key) ?? null)
        : [];
  return within.flatMap((own) => (failed(own) ? [] : misnamedIn(own, path)));
}

function plain(value: Value): Value {
  if (value instanceof ObjectValue) {
    const dict = new EntryDict();
    for (const [name, own] of value.fields) dict.set(name, plain(own));
    return dict;
  }
  if (!(value instanceof List)) return value;
  const all = value.all();
  return failed(all as Outcome) ? value : new ArrayList((all as Value[]).map(plain));
}

/** One operation of a JSON patch. */
export class OperationValue extends Struct {
  override readonly typeName = 'JSONPatch';
  readonly op: string;
  readonly path: string;
  readonly from: string;
  readonly value: Value | undefined;

  constructor({ op = '', path = '', from = '' }: Record<string, string>, value: Value | undefined) {
    super();
    this.op = op;
    this.path = path;
    this.from = from;
    this.value = value;
  }
  override get isZero(): boolean {
    return false;
  }
  override has(field: string): boolean {
    return field === 'value' ? this.value !== undefined : this.text(field) !== '';
  }
  override read(field: string): Outcome {
    return field === 'value' ? (this.value ?? null) : this.text(field);
  }
  override equals(other: Value): boolean | Failure {
    if (!(other instanceof OperationValue)) return false;
    if (['op', 'path', 'from'].some((field) => this.text(field) !== other.text(field))) return false;
    if (this.value === undefined || other.value === undefined) return this.value === other.value;
    return equal(this.value, other.value);
  }
  private text(field: string): string {
    return field === 'op' ? this.op : field === 'path' ? this.path : field === 'from' ? this.from : '';
  }
}

function operation(given: Given): OperationValue | Failure {
  const texts: Record<string, string> = table({});
  for (const [name, value] of given) {
    if (name === 'value') continue;
    if (typeof value !== 'string')
      return fail(`unexpected type ${goType(value)} for JSONPatchType '${name}' field`);
    texts[name] = value;
  }
  return new OperationValue(texts, given.get('value'));
}

/** The type of a value in Go. */
function goType(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return value === null
        ? 'structpb.NullValue'
        : value instanceof List
          ? '[]ref.Val'
          : 'map[ref.Val]ref.Val';
  }
}

/**
 * An object that an expression made, as JSON.
 * @throws NoJson
 */
export const objectJson = (value: Value): unknown =>
  toJson(value, (inner) => {
    if (inner instanceof ObjectValue)
      return Object.fromEntries([...inner.fields].map(([name, own]) => [name, objectJson(own)]));
    throw new NoJson(
      `unsupported conversion from ${inner instanceof Struct ? inner.typeName : 'this type'} to JSON`,
    );
  });
