import type { AnyObject } from '../../meta/object.ts';
import { applyDefaults } from './defaults.ts';
import { findType, typeOf } from './facts.ts';
import { shapeOfType } from './goShape.ts';
import type { ObjectSchema } from './objectSchema.ts';
import { rearranged } from './rearranged.ts';
import { decodeObject } from './structural.ts';
import { emptyStruct, inOrder } from './zero.ts';

const known = new Map<string, ObjectSchema>();

/** The schema of a type of the facts, such as `Pod`. Nothing is looked up before it is used. */
export function goSchema(goType: string): ObjectSchema {
  const found = known.get(goType) ?? make(goType);
  known.set(goType, found);
  return found;
}

function make(goType: string): ObjectSchema {
  const listType = `${goType}List`;
  return {
    goType,
    decode: (value, problems) => decodeObject<AnyObject>(value, goType, problems),
    rearranged: (object) => rearranged(object, typeOf(goType)) as AnyObject,
    withDefaults: (object) => applyDefaults(object, goType),
    ordered: (object) => inOrder(object, typeOf(goType)) as AnyObject,
    causes: () => [],
    empty: () => emptyStruct(typeOf(goType)) as AnyObject,
    emptyStatus: () => {
      const type = typeOf(goType);
      const field = type.byName.get('status');
      if (!field || !type.present.includes(field) || field.ref.is !== 'struct') return undefined;
      return emptyStruct(typeOf(field.ref.name));
    },
    get shape() {
      return shapeOfType(typeOf(goType));
    },
    get model() {
      return typeOf(goType).model;
    },
    get listModel() {
      return findType(listType)?.model;
    },
    models: (refer) => {
      refer(goType);
      if (findType(listType)) refer(listType);
      return {};
    },
  };
}
