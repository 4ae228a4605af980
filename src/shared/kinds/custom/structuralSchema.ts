import type { AnyObject } from '../../meta/object.ts';
import type { ObjectSchema } from '../schema/objectSchema.ts';
import type { Shape } from '../schema/shape.ts';
import { modelName, modelsOf, type Names } from './openapi.ts';
import { schemaRules } from './rules/validator.ts';
import { decodeCustom, sorted } from './schema/decode.ts';
import { hasDefaults, withDefaults } from './schema/defaults.ts';
import { rootShape } from './schema/shape.ts';
import type { Structural } from './schema/structural.ts';
import { typeProblems } from './schema/typed.ts';
import { schemaCauses, schemaCausesSoon } from './validate/index.ts';

/** Is what an ObjectSchema is made of for one version of a custom kind. */
export interface StructuralOptions {
  names: Names;
  /** Read when it is needed for the first time: there may be a thousand definitions of which three are used. */
  load(): Structural;
  /** Paths by which objects may be selected. */
  selectable: readonly string[];
  fingerprint: string;
}

/** The schema of one version of a definition. */
export function structuralSchema({ names, load, selectable, fingerprint }: StructuralOptions): ObjectSchema {
  const schema = once(() => ({ ...load(), type: 'object' }));
  const shape = once((): Shape => rootShape(schema()));
  const rules = once(() => schemaRules(schema()));
  return {
    decode: (value, problems) => decodeCustom(value, schema(), problems),
    decodeApplied: (value) => decodeCustom(value, schema(), undefined, true),
    // No strategy and no plugin of the server's own touches them.
    rearranged: (object) => decodeCustom(object, schema()),
    withDefaults: (object, most) => {
      if (!hasDefaults(schema())) return object;
      const { kind, apiVersion, metadata, ...content } = object;
      return { kind, apiVersion, metadata, ...withDefaults(content, schema(), most) } as AnyObject;
    },
    ordered: ({ kind, apiVersion, metadata, ...content }) =>
      ({ kind, apiVersion, metadata, ...(sorted(content) as object) }) as AnyObject,
    causes: (object, old, part = 'main') => schemaCauses(object, old, schema(), part, rules()),
    causesSoon: (object, old, part, judge) => schemaCausesSoon(object, old, schema(), part, rules(), judge),
    empty: () => ({ metadata: {} }),
    emptyStatus: () => undefined,
    get shape() {
      return shape();
    },
    typeProblems: (config) => typeProblems(config, schema()),
    model: modelName(names, names.kind),
    listModel: modelName(names, names.listKind),
    models: (refer) => modelsOf(names, schema(), selectable, refer),
    fingerprint,
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
