/** Shapes of the API types, by the schema facts. */
import { type Field, type Ref, type Type, typeOf } from './facts.ts';
import { type Key, leaf, type Shape, type StructShape } from './shape.ts';

const structs = new WeakMap<Type, StructShape>();

/** Returns the shape of a Go type, made once for each type. */
export function shapeOfType(type: Type): StructShape {
  const found = structs.get(type) ?? structOf(type);
  structs.set(type, found);
  return found;
}

/** Fields are looked into when they are asked for: types may contain themselves. */
function structOf(type: Type): StructShape {
  const known = new Map<string, Shape>();
  return {
    is: 'struct',
    names: type.fields.map(({ name }) => name).sort(),
    field: (name) => {
      const found = known.get(name);
      if (found) return found;
      const field = type.byName.get(name);
      if (!field) return undefined;
      const shape = shapeOf(field.ref, field);
      known.set(name, shape);
      return shape;
    },
    // What the facts do not know is owned whole.
    others: leaf,
  };
}

type Said = Pick<Field, 'listType' | 'listMapKeys' | 'structType'>;

function shapeOf(ref: Ref, { listType, listMapKeys = [], structType }: Said): Shape {
  switch (ref.is) {
    case 'struct': {
      const type = typeOf(ref.name);
      return type.isList || type.atomic || structType === 'atomic' ? leaf : shapeOfType(type);
    }
    case 'map':
      return structType === 'atomic' ? leaf : { is: 'map', of: shapeOf(ref.of, {}) };
    case 'list': {
      if (listType === 'set') return { is: 'list', of: leaf };
      if (listType !== 'map' || ref.of.is !== 'struct') return leaf;
      const item = typeOf(ref.of.name);
      const keys = [...listMapKeys].sort().map((name): Key => {
        const value = item.byName.get(name)?.default;
        return { name, ...(value !== undefined && { default: value }) };
      });
      return { is: 'list', of: shapeOf(ref.of, {}), keys };
    }
    default:
      return leaf;
  }
}
