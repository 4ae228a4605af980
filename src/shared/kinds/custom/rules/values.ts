import { Dict } from '../../../cel/values/dict.ts';
import { parseDuration } from '../../../cel/values/duration.ts';
import { equal } from '../../../cel/values/equal.ts';
import { countKeys, fromJson } from '../../../cel/values/json.ts';
import { List } from '../../../cel/values/list.ts';
import { step } from '../../../cel/values/steps.ts';
import { parseTimestamp } from '../../../cel/values/timestamp.ts';
import {
  type Failure,
  fail,
  failed,
  noSuchOverload,
  Opaque,
  type Outcome,
  type Value,
} from '../../../cel/values/value.ts';
import { ownValue } from '../../../meta/table.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { sameData } from './data.ts';
import { parseDateTime } from './dateTime.ts';
import { withTypeAndMetadata } from './declaration.ts';
import { escapeName, unescapeName } from './escape.ts';
import { SchemaMapList, SchemaSet } from './lists.ts';

/** Data as the value that its schema declares. */
export function schemaValue(data: unknown, schema: JSONSchemaProps): Outcome {
  if (data === null || data === undefined)
    return schema.nullable ? null : fail('invalid data, got null for schema with nullable=false');
  if (schema['x-kubernetes-int-or-string']) return intOrString(data);
  switch (schema.type) {
    case 'object':
      return isRecord(data)
        ? new SchemaDict(data, isEmbedded(schema) ? withTypeAndMetadata(schema) : schema)
        : fail('invalid data, expected a map for the provided schema with type=object');
    case 'array':
      return Array.isArray(data)
        ? listOf(data, schema)
        : fail('invalid data, expected an array for the provided schema with type=array');
    case 'string':
      return typeof data === 'string' ? textOf(data, schema) : wrong('string', data);
    case 'number':
      return typeof data === 'number' || typeof data === 'bigint' ? Number(data) : wrong('float', data);
    case 'integer':
      return integerOf(data) ?? wrong('int', data);
    case 'boolean':
      return typeof data === 'boolean' ? data : wrong('bool', data);
  }
  if (schema['x-kubernetes-preserve-unknown-fields']) return new Preserved(data);
  return fail(
    `invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ''}`,
  );
}

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);
const isEmbedded = (schema: JSONSchemaProps): boolean => schema['x-kubernetes-embedded-resource'] === true;

/** Go's names of what JSON holds. */
function goType(data: unknown): string {
  if (Array.isArray(data)) return '[]interface {}';
  if (typeof data === 'object') return 'map[string]interface {}';
  if (typeof data === 'bigint') return 'int64';
  if (typeof data === 'number') return Number.isInteger(data) ? 'int64' : 'float64';
  return typeof data === 'boolean' ? 'bool' : 'string';
}
const wrong = (expected: string, data: unknown): Failure =>
  fail(`invalid data, expected ${expected}, got ${goType(data)}`);

function intOrString(data: unknown): Outcome {
  if (typeof data === 'string') return data;
  return (
    integerOf(data) ?? fail('invalid data, expected XIntOrString value to be either a string or integer')
  );
}

/** Returns undefined for what is none. */
function integerOf(data: unknown): bigint | undefined {
  if (typeof data === 'bigint') return data;
  return typeof data === 'number' && Number.isInteger(data) ? BigInt(data) : undefined;
}

function textOf(text: string, { format }: JSONSchemaProps): Outcome {
  switch (format) {
    case 'duration':
      return parseDuration(text) ?? fail(`Invalid duration ${text}: unable to parse`);
    case 'date':
      return (
        parseTimestamp(`${text}T00:00:00Z`) ?? fail(`Invalid date formatted string ${text}: unable to parse`)
      );
    case 'date-time':
      return parseDateTime(text) ?? fail(`Invalid date-time formatted string ${text}: unable to parse`);
    case 'byte':
      return Uint8Array.from(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

function listOf(data: readonly unknown[], schema: JSONSchemaProps): Outcome {
  const { items } = schema;
  if (items === undefined || Array.isArray(items))
    return fail('invalid array type, expected Items with a non-empty Schema');
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return new SchemaMapList(data, items, schema['x-kubernetes-list-map-keys'] ?? []);
    case 'set':
      return new SchemaSet(data, items);
    default:
      return new SchemaList(data, items);
  }
}

/** A list whose elements are read by one schema. */
export class SchemaList extends List {
  readonly data: readonly unknown[];
  protected readonly items: JSONSchemaProps;
  constructor(data: readonly unknown[], items: JSONSchemaProps) {
    super();
    this.data = data;
    this.items = items;
  }
  override get size(): number {
    return this.data.length;
  }
  override at(index: number): Outcome {
    return schemaValue(this.data[index], this.items);
  }
}

/** An object by its properties, or a map whose values have one schema. */
export class SchemaDict extends Dict {
  readonly data: Record<string, unknown>;
  private readonly schema: JSONSchemaProps;

  constructor(data: Record<string, unknown>, schema: JSONSchemaProps) {
    super();
    this.data = data;
    this.schema = schema;
  }
  private get isObject(): boolean {
    return this.schema.properties !== undefined;
  }
  private schemaOf(name: string): JSONSchemaProps | undefined {
    const { properties, additionalProperties } = this.schema;
    if (properties) return Object.hasOwn(properties, name) ? properties[name] : undefined;
    return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  }
  override get size(): number {
    return countKeys(this.data);
  }
  override find(key: Value): Outcome | undefined {
    if (typeof key !== 'string') return noSuchOverload();
    const name = this.isObject ? unescapeName(key) : key;
    if (name === undefined) return undefined;
    const value = ownValue(this.data, name);
    // A property that is null counts as absent.
    if (value === undefined || (this.isObject && value === null)) return undefined;
    const schema = this.schemaOf(name);
    return schema && schemaValue(value, schema);
  }
  override *keys(): Iterable<Value> {
    for (const name of Object.keys(this.data))
      if (this.schemaOf(name)) yield this.isObject ? (escapeName(name) ?? name) : name;
  }
  override equals(other: Dict): boolean | Failure {
    if (this.size !== other.size) return false;
    step(this.size);
    for (const name of Object.keys(this.data)) {
      const same = this.sameProperty(name, other);
      if (same !== true) return same;
    }
    return true;
  }
  private sameProperty(name: string, other: Dict): boolean | Failure {
    const key = this.isObject ? (escapeName(name) ?? name) : name;
    if (!this.schemaOf(name)) {
      // What no schema knows is compared as data.
      if (!(other instanceof SchemaDict)) return noSuchOverload();
      return !Object.hasOwn(other.data, name) || sameData(this.data[name], other.data[name]);
    }
    const [own, its] = [this.find(key), other.find(key)];
    if (own === undefined || its === undefined) return own === its;
    if (failed(own)) return own;
    return failed(its) ? its : equal(own, its);
  }
}

/** Data without a type, kept by x-kubernetes-preserve-unknown-fields. It can only be compared. */
class Preserved extends Opaque {
  override readonly typeName = 'unknown';
  readonly data: unknown;
  constructor(data: unknown) {
    super();
    this.data = data;
  }
  override equals(other: Value): boolean {
    return other instanceof Preserved
      ? sameData(this.data, other.data)
      : equal(fromJson(this.data), other) === true;
  }
  override toString(): string {
    return JSON.stringify(this.data);
  }
}
