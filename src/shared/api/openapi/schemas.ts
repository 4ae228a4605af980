/** JSON schemas of API types in the dialect of OpenAPI v3 that Kubernetes serves. */

import { enumValues, type Field, type Ref, type Type, typeOf } from '../../kinds/schema/facts.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { Steps } from '../../meta/steps.ts';
import { table } from '../../meta/table.ts';
import type { Described, Descriptions } from './descriptions.ts';

/** Is a schema as OpenAPI v3 writes it. */
export type Schema = Record<string, unknown>;

/** The schemas of the types and of the kinds' models, and of all types in them, by model name, sorted. */
export function* schemasOf(
  typeNames: Iterable<string>,
  kinds: Iterable<Pick<ObjectSchema, 'models'>> = [],
  descriptions?: Descriptions,
): Steps<Record<string, Schema>> {
  const found = new Map<string, Schema>();
  const rest = [...typeNames];
  const describe = descriptions && onceForEach(descriptions);
  const refer = (typeName: string): string => {
    const { model } = typeOf(typeName);
    if (!found.has(model)) rest.push(typeName);
    return model;
  };
  for (const kind of kinds) {
    for (const [model, schema] of Object.entries(kind.models(refer))) found.set(model, schema);
    yield;
  }
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    const type = typeOf(name);
    if (!found.has(type.model)) found.set(type.model, {});
    else if (Object.keys(found.get(type.model)!).length > 0) continue;
    found.set(type.model, objectSchema(type, found, refer, describe));
    yield;
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A type is described where it stands and wherever a field has no words of its own. */
function onceForEach(descriptions: Descriptions): Descriptions {
  const known = new Map<object, Described | undefined>();
  return (type) => {
    if (!known.has(type)) known.set(type, descriptions(type));
    return known.get(type);
  };
}

type Refer = (typeName: string) => string;

function objectSchema(type: Type, found: Map<string, Schema>, refer: Refer, describe?: Descriptions): Schema {
  const required = type.fields.filter((f) => f.required).map((f) => f.name);
  const words = describe?.(type);
  const wordsOf = ({ name, ref }: Field) =>
    words?.fields[name] ?? (ref.is === 'struct' ? describe?.(typeOf(ref.name))?.text : undefined);
  const properties = type.fields.map((f) => [f.name, fieldSchema(f, found, refer, wordsOf(f))]);
  return {
    ...(words?.text && { description: words.text }),
    type: 'object',
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
    ...(type.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    ...(type.isKind && { 'x-kubernetes-group-version-kind': kindsOf(type) }),
  };
}

function kindsOf({ group, version, goName }: Type): object[] {
  return [{ group, kind: goName, version }];
}

function fieldSchema(field: Field, found: Map<string, Schema>, refer: Refer, description?: string): Schema {
  const schema = valueSchema(field.ref, !field.pointer && field.always, found, refer);
  const { patchStrategy, mergeKey, listType, listMapKeys, structType } = field;
  const own: Schema = {
    ...(description && { description }),
    ...(field.default !== undefined && { default: field.default }),
    ...(field.ref.is === 'struct' && !field.pointer && !typeOf(field.ref.name).isList && { default: {} }),
    ...(listMapKeys && { 'x-kubernetes-list-map-keys': listMapKeys }),
    ...(listType && { 'x-kubernetes-list-type': listType }),
    ...(structType && { 'x-kubernetes-map-type': structType }),
    ...(mergeKey && { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(patchStrategy.length > 0 && { 'x-kubernetes-patch-strategy': patchStrategy.join(',') }),
  };
  if (Object.keys(own).length === 0) return schema;
  // Nothing may stand beside a $ref.
  return schema.$ref ? { allOf: [schema], ...own } : { ...schema, ...own };
}

function valueSchema(ref: Ref, hasZeroDefault: boolean, found: Map<string, Schema>, refer: Refer): Schema {
  switch (ref.is) {
    case 'list':
      return { type: 'array', items: elementSchema(ref.of, found, refer) };
    case 'map':
      return { type: 'object', additionalProperties: elementSchema(ref.of, found, refer) };
    case 'struct':
      if (typeOf(ref.name).isList) return { type: 'array', items: { default: '', type: 'string' } };
      return reference(refer(ref.name));
    case 'enum':
      return { type: 'string', enum: enumValues(ref.name), ...(hasZeroDefault && { default: '' }) };
    case 'special': {
      const [model, schema] = specials[ref.name]!;
      found.set(model, schema);
      return reference(model);
    }
    case 'scalar': {
      const [schema, zero] = scalars[ref.name]!;
      return hasZeroDefault ? { ...schema, default: zero } : schema;
    }
  }
}

function elementSchema(ref: Ref, found: Map<string, Schema>, refer: Refer): Schema {
  const schema = valueSchema(ref, true, found, refer);
  return ref.is === 'struct' && schema.$ref ? { allOf: [schema], default: {} } : schema;
}

/** Refers to the schema of a model in the same document. */
export const reference = (model: string): Schema => ({ $ref: `#/components/schemas/${model}` });

const scalars: Record<string, [Schema, unknown]> = table({
  string: [{ type: 'string' }, ''],
  bool: [{ type: 'boolean' }, false],
  int32: [{ format: 'int32', type: 'integer' }, 0],
  int64: [{ format: 'int64', type: 'integer' }, 0],
  float64: [{ format: 'double', type: 'number' }, 0],
  bytes: [{ format: 'byte', type: 'string' }, ''],
});

const machinery = 'io.k8s.apimachinery.pkg';
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const dateTime: Schema = { format: 'date-time', type: 'string' };
const specials: Record<string, [string, Schema]> = table({
  Quantity: [`${machinery}.api.resource.Quantity`, { oneOf: [{ type: 'string' }, { type: 'number' }] }],
  IntOrString: [
    `${machinery}.util.intstr.IntOrString`,
    { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  ],
  Time: [`${machinery}.apis.meta.v1.Time`, dateTime],
  MicroTime: [`${machinery}.apis.meta.v1.MicroTime`, dateTime],
  Duration: [`${machinery}.apis.meta.v1.Duration`, { type: 'string' }],
  FieldsV1: [`${machinery}.apis.meta.v1.FieldsV1`, { type: 'object' }],
  RawExtension: [`${machinery}.runtime.RawExtension`, { type: 'object' }],
  JSON: [`${extensions}.JSON`, {}],
  JSONSchemaPropsOrArray: [`${extensions}.JSONSchemaPropsOrArray`, {}],
  JSONSchemaPropsOrBool: [`${extensions}.JSONSchemaPropsOrBool`, {}],
  JSONSchemaPropsOrStringArray: [`${extensions}.JSONSchemaPropsOrStringArray`, {}],
});
