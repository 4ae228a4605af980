import type { Dice } from './dice.ts';
import type { Schema } from './schemas.ts';

/** What one node of a schema is changed by; a real server refuses most of them. */
const mistakes: ((schema: Schema, dice: Dice) => void)[] = [
  (schema) => delete schema.type,
  (schema, dice) => set(schema, 'type', dice.one(['strin', 'null', 'array', 'object', 'integer', ''])),
  (schema) => set(schema, '$ref', '#/definitions/a'),
  (schema) => set(schema, 'uniqueItems', true),
  (schema) => set(schema, 'id', 'a'),
  (schema) => set(schema, 'definitions', { a: {} }),
  (schema) => set(schema, 'dependencies', { a: ['b'] }),
  (schema) => set(schema, 'patternProperties', { a: { type: 'string' } }),
  (schema) => set(schema, 'additionalItems', true),
  (schema) => set(schema, 'additionalProperties', { type: 'string' }),
  (schema) => set(schema, 'additionalProperties', false),
  (schema, dice) => set(schema, 'default', dice.one([1, 'x', null, {}, [], true, { a: 1 }, 1.5])),
  (schema) => set(schema, 'items', [{ type: 'string' }]),
  (schema) => delete schema.items,
  (schema) => set(schema, 'properties', { 'a.b': {} }),
  (schema) => set(schema, 'x-kubernetes-list-type', 'map'),
  (schema) => set(schema, 'x-kubernetes-list-type', 'bag'),
  (schema) => set(schema, 'x-kubernetes-list-type', 'set'),
  (schema) => set(schema, 'x-kubernetes-list-map-keys', ['z', 'z']),
  (schema) => delete schema['x-kubernetes-list-map-keys'],
  (schema) => set(schema, 'x-kubernetes-map-type', 'odd'),
  (schema) => set(schema, 'x-kubernetes-preserve-unknown-fields', false),
  (schema) => set(schema, 'x-kubernetes-int-or-string', true),
  (schema) => set(schema, 'x-kubernetes-embedded-resource', true),
  (schema) => set(schema, 'anyOf', [{ type: 'string' }]),
  (schema) => set(schema, 'allOf', [{ properties: { zz: { minimum: 1 } } }]),
  (schema) => set(schema, 'oneOf', [{ default: 1 }, { nullable: true }]),
  (schema) => set(schema, 'not', { additionalProperties: { type: 'string' } }),
  (schema) => set(schema, 'pattern', '('),
  (schema) => set(schema, 'pattern', '(?!a)'),
  (schema) => set(schema, 'minimum', 'x'),
  (schema) => set(schema, 'multipleOf', 0),
  (schema) => set(schema, 'maxLength', -1),
  (schema) => set(schema, 'enum', []),
  (schema) => set(schema, 'enum', ['x', 1, null]),
  (schema) => set(schema, 'required', ['zz']),
  (schema) => set(schema, 'nullable', 'yes'),
  (schema) => set(schema, 'format', 'int-or-string'),
  (schema, dice) => set(schema, 'x-kubernetes-validations', [dice.one(rules)]),
  (schema, dice) => set(schema, 'x-kubernetes-validations', [dice.one(rules), dice.one(rules)]),
];

const rules = [
  {},
  { rule: '' },
  { rule: 'self' },
  { rule: 'self ==' },
  { rule: 'self.zz == 1' },
  { rule: 'true', message: 'a\nb' },
  { rule: 'true', message: ' ' },
  { rule: 'true', reason: 'Odd' },
  { rule: 'true', fieldPath: '.zz' },
  { rule: 'true', fieldPath: 'a' },
  { rule: 'true', messageExpression: '1' },
  { rule: 'true', messageExpression: "'a' +" },
  { rule: 'oldSelf == self', optionalOldSelf: true },
  { rule: 'oldSelf.hasValue()', optionalOldSelf: true },
  { rule: 'self.all(x, self.all(y, self.all(z, x == y && y == z)))' },
  { rule: "self.matches('(')" },
  { rule: 'size(self) > 0' },
  { rule: 'type(self) == string' },
  { rule: "[1, 2].exists(x, x == 'a')" },
  { rule: 'has(self)' },
  { rule: 'self.exists_one(x, x == self)' },
];

/** Makes a mistake, or two, somewhere in a schema. */
export function mistaken(dice: Dice, root: Schema): Schema {
  const schema = structuredClone(root);
  for (let left = dice.once(3) ? 2 : 1; left > 0; left--) dice.one(mistakes)(dice.one(nodesOf(schema)), dice);
  return schema;
}

function nodesOf(schema: Schema): Schema[] {
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties].filter(
    (each): each is Schema => typeof each === 'object' && each !== null && !Array.isArray(each),
  );
  return [schema, ...inner.flatMap(nodesOf)];
}

function set(schema: Schema, word: string, value: unknown): void {
  schema[word] = value;
}
