/** Says how ownership goes through custom resources: by their list and map types. */
import { typeOf } from '../../schema/facts.ts';
import { shapeOfType } from '../../schema/goShape.ts';
import { deduced, leaf, type Shape, type StructShape } from '../../schema/shape.ts';
import { isEmbedded, itemsOf, preserves, propertyOf, type Structural, valuesOf } from './structural.ts';

/** The shape of a whole object: metadata is that of every kind. */
export const rootShape = (schema: Structural): Shape => withMetadata(structOf(schema));

function shapeOf(schema: Structural): Shape {
  if (schema.type === 'array') return listOf(schema);
  const isObject = schema.type === 'object' || schema.properties !== undefined;
  if (!isObject) return preserves(schema) && !schema['x-kubernetes-int-or-string'] ? deduced : leaf;
  if (schema['x-kubernetes-map-type'] === 'atomic') return leaf;
  if (isEmbedded(schema)) return withMetadata(structOf(schema));
  if (schema.properties) return structOf(schema);
  const values = valuesOf(schema);
  if (values) return { is: 'map', of: values.schema ? shapeOf(values.schema) : deduced };
  return preserves(schema) ? deduced : structOf(schema);
}

function structOf(schema: Structural): StructShape {
  const known = new Map<string, Shape>();
  return {
    is: 'struct',
    names: Object.keys(schema.properties ?? {}).sort(),
    field: (name) => {
      const part = propertyOf(schema, name);
      if (!part) return undefined;
      const shape = known.get(name) ?? shapeOf(part);
      known.set(name, shape);
      return shape;
    },
    others: preserves(schema) ? deduced : leaf,
  };
}

function withMetadata(struct: StructShape): StructShape {
  const metadata = shapeOfType(typeOf('ObjectMeta'));
  const own = { apiVersion: leaf, kind: leaf, metadata };
  return {
    ...struct,
    names: [...new Set([...struct.names, ...Object.keys(own)])].sort(),
    field: (name) => (Object.hasOwn(own, name) ? own[name as keyof typeof own] : struct.field(name)),
  };
}

function listOf(schema: Structural): Shape {
  const items = itemsOf(schema);
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return { is: 'list', of: leaf };
  if (type !== 'map' || !items) return leaf;
  const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort().map((name) => {
    const value = propertyOf(items, name)?.default;
    return { name, ...(value !== undefined && { default: value }) };
  });
  return { is: 'list', of: shapeOf(items), keys };
}
