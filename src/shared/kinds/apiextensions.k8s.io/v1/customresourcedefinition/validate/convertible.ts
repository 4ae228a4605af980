import { step } from '../../../../../cel/values/steps.ts';
import { type Structural, stepsOfSchema } from '../../../../custom/schema/structural.ts';

/**
 * Says whether a structural schema can be made of a schema, as `NewStructural` does: without words that are not supported, in
 * whatever depth. Whether it is structural then is another question.
 */
export function isConvertible(schema: Structural): boolean {
  step(stepsOfSchema);
  const { items, additionalProperties: values, properties, not } = schema;
  if (unsupported.some((word) => !isEmpty(schema[word])) || schema.additionalItems !== undefined)
    return false;
  if (schema['x-kubernetes-preserve-unknown-fields'] === false || Array.isArray(items)) return false;
  for (const name in properties) if (!isConvertible(properties[name]!)) return false;
  return (
    [items, not, typeof values === 'object' ? values : undefined].every(
      (each) => each === undefined || isConvertible(each),
    ) && junctors.every((word) => schema[word]?.every(isConvertible) ?? true)
  );
}

const unsupported = ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'definitions'] as const;
const junctors = ['allOf', 'anyOf', 'oneOf'] as const;

const isEmpty = (value: string | object | undefined) =>
  value === undefined || (typeof value === 'string' ? value === '' : Object.keys(value).length === 0);
