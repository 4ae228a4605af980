import type { Fields, Objects } from '../../../../cel/check/environment.ts';
import {
  boolType,
  bytesType,
  doubleType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  stringType,
  type Type,
  timestampType,
} from '../../../../cel/types/type.ts';
import { table } from '../../../../meta/table.ts';
import { declarationOf, objectsWithin, typeOfDeclaration } from '../../../custom/rules/declaration.ts';
import { escapeName, namesOfField } from '../../../custom/rules/escape.ts';
import { findType, type Ref, typeOf } from '../../../schema/facts.ts';
import type { JSONSchemaProps } from '../../../schema/types.ts';

/** Describes what an object is to expressions, with the objects within it. */
export interface Typed {
  readonly type: Type;
  readonly objects: Objects;
}

/**
 * A type of the schema facts. Objects within are named by their paths, and looked up when they are asked for: some types
 * contain themselves.
 */
export function typedByFacts(typeName: string, name: string): Typed {
  const names = new Map([[name, typeName]]);
  const known = new Map<string, Fields>();
  const get = (asked: string): Fields | undefined => {
    const type = names.get(asked);
    if (type === undefined) return undefined;
    let fields = known.get(asked);
    if (!fields) {
      fields = fieldsOf(type, asked, names);
      known.set(asked, fields);
    }
    return fields;
  };
  return { type: objectType(name), objects: { get } };
}

/** A version of a definition: as it declares it, with the metadata that every object has. */
export function typedBySchema(schema: JSONSchemaProps, name: string): Typed | undefined {
  const declared = declarationOf(schema, true);
  if (!declared?.fields) return undefined;
  const within = objectsWithin(declared, name);
  const metadata = typedByFacts('ObjectMeta', `${name}.metadata`);
  const get = (asked: string): Fields | undefined => {
    const fields = metadata.objects.get(asked) ?? within.get(asked);
    return fields && asked === name ? new Map([...fields, ['metadata', metadata.type]]) : fields;
  };
  return { type: typeOfDeclaration(declared, name), objects: { get } };
}

/** @param names Of the objects within, which are added. */
function fieldsOf(typeName: string, path: string, names: Map<string, string>): Fields {
  const fields = new Map<string, Type>();
  for (const field of findType(typeName)?.fields ?? []) {
    const escaped = escapeName(field.name);
    const type = typeOfRef(field.ref, `${path}.${escaped}`, names);
    if (escaped === undefined || !type) continue;
    for (const known of namesOfField(escaped)) fields.set(known, type);
  }
  return fields;
}

/** Undefined where the schema of Kubernetes names no type, as that of a quantity. */
function typeOfRef(ref: Ref, path: string, names: Map<string, string>): Type | undefined {
  switch (ref.is) {
    case 'list': {
      const element = typeOfRef(ref.of, `${path}.@idx`, names);
      return element && listOf(element);
    }
    case 'map': {
      const element = typeOfRef(ref.of, `${path}.@elem`, names);
      return element && mapOf(stringType, element);
    }
    case 'struct':
      if (typeOf(ref.name).isList) return listOf(stringType);
      names.set(path, ref.name);
      return objectType(path);
    case 'enum':
      return stringType;
    case 'special':
      return ref.name === 'FieldsV1' || ref.name === 'RawExtension' ? objectType(path) : specials[ref.name];
    case 'scalar':
      return scalars[ref.name];
  }
}

const scalars: Readonly<Record<string, Type>> = table({
  string: stringType,
  bool: boolType,
  int32: intType,
  int64: intType,
  float64: doubleType,
  bytes: bytesType,
});

const specials: Readonly<Record<string, Type | undefined>> = table({
  IntOrString: dynType,
  Time: timestampType,
  MicroTime: timestampType,
  Duration: stringType,
});
