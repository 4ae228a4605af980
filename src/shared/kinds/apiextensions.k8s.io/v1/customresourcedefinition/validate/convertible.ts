import type { Structural } from '../../../../custom/schema/structural.ts';

/**
 * Says whether a structural schema can be made of a schema, as `NewStructural` does: without words that are not supported, in
 * whatever depth. Whether it is structural then is another question.
 */
export function isConvertible(schema: Structural): boolean {
  const { items, additionalProperties: values, properties = {}, not } = schema;
  if (unsupported.some((word) => !isEmpty(schema[word])) || schema.additionalItems !== undefined)
    return false;
  if (schema['x-kubernetes-preserve-unknown-fields'] === false || Array.isArray(items)) return false;
  const inner = [items, not, ...Object.values(properties), ...junctors.flatMap((word) => schema[word] ?? [])];
  if (typeof values === 'object') inner.push(values);
  return inner.every((each) => each === undefined || isConvertible(each));
}

const unsupported = ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'definitions'] as const;
const junctors = ['allOf', 'anyOf', 'oneOf'] as const;

const isEmpty = (value: string | object | undefined) =>
  value === undefined || (typeof value === 'string' ? value === '' : Object.keys(value).length === 0);
