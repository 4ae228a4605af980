/** Says how a structural schema leads from a value to its parts. */
import type { JSONSchemaProps } from '../../schema/types.ts';

/** Is a schema that was found structural when its definition was written. */
export type Structural = JSONSchemaProps;

/** Is the work of looking at one schema, apart from those in it, while a definition is validated. */
export const stepsOfSchema = 2;

/** Returns the schema of a list's items; a list of schemas is refused when a definition is written. */
export const itemsOf = ({ items }: Structural): Structural | undefined =>
  items === undefined || Array.isArray(items) ? undefined : items;

/** Returns the schema of a map's values: undefined without `additionalProperties`, `any` where it is only `true`. */
export function valuesOf({
  additionalProperties,
}: Structural): { any: boolean; schema?: Structural } | undefined {
  if (additionalProperties === undefined) return undefined;
  if (typeof additionalProperties === 'boolean') return { any: additionalProperties };
  return { any: true, schema: additionalProperties };
}

/** Returns the schema of a declared property. Names such as `constructor` find nothing by accident. */
export const propertyOf = ({ properties }: Structural, name: string): Structural | undefined =>
  properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;

/** The schema of a part: of the property, else of every value of the map. */
export const partOf = (schema: Structural | undefined, name: string): Structural | undefined =>
  schema && (propertyOf(schema, name) ?? valuesOf(schema)?.schema);

/** Returns whether undeclared fields are kept at this place. */
export const preserves = (schema: Structural): boolean =>
  schema['x-kubernetes-preserve-unknown-fields'] === true;
/** Returns whether the value at this place is a whole object, with apiVersion, kind and metadata. */
export const isEmbedded = (schema: Structural): boolean => schema['x-kubernetes-embedded-resource'] === true;

/** Returns what an object says of itself, at the root and in embedded resources. */
export const isMetaField = (name: string): boolean =>
  name === 'apiVersion' || name === 'kind' || name === 'metadata';

/** Is a JSON object whose parts are not known. */
export type Json = Record<string, unknown>;
