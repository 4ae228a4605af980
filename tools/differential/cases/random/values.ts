import type { Dice } from './dice.ts';
import type { Schema } from './schemas.ts';

const strings = [
  'x',
  'xx',
  'red',
  '',
  'bad',
  'a1',
  'abab',
  'longer than most',
  '10.0.0.1',
  '1h',
  '2024-02-29',
];
const moments = ['2024-02-29T01:02:03Z', '50%', '5', 'YQ==', 'http://a/b'];
const odd: unknown[] = [null, true, 'x', '', 7, -1, 1.5, [], {}, [1], { z: 1 }, [null], { a: null }];

/** A value for a schema: mostly of its type and often within its limits; one of seven is something else. */
export function valueFor(dice: Dice, schema: Schema): unknown {
  if (dice.once(9)) return dice.one(odd);
  if (schema['x-kubernetes-int-or-string']) return dice.one<unknown>([1, '5%', 'x', 0, '50%']);
  switch (schema.type) {
    case 'string':
      return dice.one(Array.isArray(schema.enum) ? [...schema.enum, 'x', 'none'] : [...strings, ...moments]);
    case 'integer':
      return dice.one([0, 1, 2, 3, 4, 6, 8, 10, 2 ** 31]);
    case 'number':
      return dice.one([0.5, 1, 1.5, 2.25, 2.5, 3]);
    case 'boolean':
      return dice.once(2);
    case 'array':
      return Array.from({ length: dice.number(4) }, () => valueFor(dice, schema.items!));
    default:
      return objectOf(dice, schema);
  }
}

function objectOf(dice: Dice, schema: Schema): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(name) ? !dice.once(12) : dice.once(2)) value[name] = valueFor(dice, inner);
  const { additionalProperties: more } = schema;
  if (typeof more === 'object')
    for (const key of dice.some(['p', 'q', 'bad'])) value[key] = valueFor(dice, more);
  if (dice.once(10)) value.other = dice.one(odd);
  return value;
}
