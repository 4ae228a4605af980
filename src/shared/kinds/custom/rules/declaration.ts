import type { Fields, Objects } from '../../../cel/check/environment.ts';
import type { SizeOf } from '../../../cel/cost/estimate.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  stringType,
  type Type,
  timestampType,
} from '../../../cel/types/type.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { escapeName, namesOfField } from './escape.ts';

/** Describes what a schema declares to expressions: a type, and how large its values may get. */
export interface Declaration {
  /** Absent for lists, maps and objects, whose types follow from their parts. */
  readonly type?: Type;
  /** Is what the items of a list or the values of a map declare. */
  readonly element?: Declaration;
  readonly isMap?: true;
  /** Is what the fields of an object declare, by the names that expressions use. */
  readonly fields?: ReadonlyMap<string, Declaration>;
  /** The most characters, elements or entries. */
  readonly most: number;
  /** The fewest bytes that a value takes as JSON. */
  readonly minBytes: number;
}

/** Is the size of the greatest request, in bytes: no value can be larger, so that estimates of costs are finite. */
export const mostRequestBytes = 3 * 1024 * 1024;
const longestText = mostRequestBytes - 2;

/**
 * The declaration of a schema, undefined where expressions see nothing of it.
 * @param root Whether it is that of a whole resource, which has a kind and metadata whatever it declares.
 */
export function declarationOf(schema: JSONSchemaProps, root: boolean): Declaration | undefined {
  if (schema['x-kubernetes-int-or-string'])
    return { type: dynType, most: fourBytes(schema.maxLength) ?? longestText, minBytes: 1 };
  const own = root ? withTypeAndMetadata(schema) : schema;
  switch (own.type) {
    case 'array':
      return listDeclaration(own);
    case 'object':
      return typeof own.additionalProperties === 'object' ? mapDeclaration(own) : objectDeclaration(own);
    case 'string':
      return textDeclaration(own);
    case 'boolean':
      return { type: boolType, most: 0, minBytes: 4 };
    case 'number':
      return { type: doubleType, most: 0, minBytes: 1 };
    case 'integer':
      return { type: intType, most: 0, minBytes: 1 };
    default:
      return undefined;
  }
}

/** A length in code points, of which each may take four bytes. */
const fourBytes = (length: number | undefined): number | undefined =>
  length === undefined ? undefined : Math.max(0, Number(length)) * 4;

const isEmbedded = (schema: JSONSchemaProps): boolean => schema['x-kubernetes-embedded-resource'] === true;

function listDeclaration({ items, maxItems }: JSONSchemaProps): Declaration | undefined {
  if (items === undefined || Array.isArray(items)) return undefined;
  const element = declarationOf(items, isEmbedded(items));
  if (!element) return undefined;
  const most = Math.max(0, Number(maxItems ?? Math.floor((mostRequestBytes - 2) / (element.minBytes + 1))));
  return { element, most, minBytes: 2 };
}

function mapDeclaration({ additionalProperties, maxProperties }: JSONSchemaProps): Declaration | undefined {
  const values = additionalProperties as JSONSchemaProps;
  const element = declarationOf(values, isEmbedded(values));
  if (!element) return undefined;
  const most = Math.max(
    0,
    Number(maxProperties ?? Math.floor((mostRequestBytes - 2) / (element.minBytes + 6))),
  );
  return { element, isMap: true, most, minBytes: 2 };
}

function objectDeclaration({ properties = {}, required = [] }: JSONSchemaProps): Declaration {
  const needed = new Set(required);
  const fields = new Map<string, Declaration>();
  let minBytes = 2;
  for (const [name, property] of Object.entries(properties)) {
    const field = declarationOf(property, isEmbedded(property));
    if (!field) continue;
    const escaped = escapeName(name);
    if (escaped !== undefined) fields.set(escaped, field);
    if (needed.has(name) && property.default === undefined)
      minBytes += Buffer.byteLength(name) + field.minBytes + 4;
  }
  return { fields, most: 0, minBytes };
}

function textDeclaration(schema: JSONSchemaProps): Declaration {
  switch (schema.format) {
    case 'byte':
      return { type: bytesType, most: Math.max(0, Number(schema.maxLength ?? longestText)), minBytes: 2 };
    case 'duration':
      return { type: durationType, most: 32, minBytes: 3 };
    case 'date':
      return { type: timestampType, most: 12, minBytes: 12 };
    case 'date-time':
      return { type: timestampType, most: 32, minBytes: 21 };
  }
  const longest = schema.enum?.length
    ? Math.max(0, ...schema.enum.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0)))
    : longestText;
  return { type: stringType, most: fourBytes(schema.maxLength) ?? longest, minBytes: 2 };
}

const text: JSONSchemaProps = { type: 'string' };

/** The schema of a resource with what every resource has. */
export function withTypeAndMetadata(schema: JSONSchemaProps): JSONSchemaProps {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const { name, generateName } = metadata?.properties ?? {};
  const complete =
    [kind, apiVersion, name, generateName].every((property) => property?.type === 'string') &&
    metadata?.type === 'object';
  if (complete) return schema;
  const meta: JSONSchemaProps = { type: 'object', properties: { name: text, generateName: text } };
  return { ...schema, properties: { ...schema.properties, kind: text, apiVersion: text, metadata: meta } };
}

/** The type that expressions know under a name; objects within are named by their paths. */
export function typeOfDeclaration({ type, element, isMap, fields }: Declaration, name: string): Type {
  if (type) return type;
  if (fields) return objectType(name);
  const inner = typeOfDeclaration(element!, `${name}.${isMap ? '@elem' : '@idx'}`);
  return isMap ? mapOf(stringType, inner) : listOf(inner);
}

/** The object types within a declaration, each looked up by its path when it is asked for. */
export function objectsWithin(root: Declaration, rootName: string): Objects {
  const known = new Map<string, Fields | undefined>();
  return {
    get: (name) => {
      if (!known.has(name)) known.set(name, fieldsAt(root, rootName, name));
      return known.get(name);
    },
  };
}

function fieldsAt(root: Declaration, rootName: string, name: string): Fields | undefined {
  if (name !== rootName && !name.startsWith(`${rootName}.`)) return undefined;
  let at: Declaration | undefined = root;
  for (const step of name.slice(rootName.length + 1).split('.')) {
    if (step === '') continue;
    at = step.startsWith('@') ? at?.element : at?.fields?.get(step);
  }
  if (!at?.fields) return undefined;
  const types = new Map<string, Type>();
  for (const [field, own] of at.fields)
    for (const known of namesOfField(field)) types.set(known, typeOfDeclaration(own, `${name}.${field}`));
  return types;
}

/** The sizes that a declaration allows, for the estimate of costs. */
export const sizesOf =
  (root: Declaration): SizeOf =>
  ([variable, ...path]) => {
    if (variable === undefined) return undefined;
    let at: Declaration | undefined = root;
    for (const step of path) {
      if (step === '@items' || step === '@values') at = at.element;
      else if (step === '@keys') at = at.isMap && key;
      else at = at.fields?.get(step);
      if (!at) return undefined;
    }
    return { min: 0, max: at.most };
  };

/** The keys of maps are texts without a declared length. */
const key: Declaration = { type: stringType, most: 0, minBytes: 2 };
