import type { Dice } from './dice.ts';

export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  [word: string]: unknown;
}

type Rule = Record<string, unknown>;

/** A structural schema that a real server takes, `depth` levels deep at most. */
export function schemaOf(dice: Dice, depth: number): Schema {
  const shallow = [text, whole, fraction, flag, either];
  const deep = [object, object, map, list, keyed, text, whole];
  const schema = dice.one(depth > 0 ? deep : shallow)(dice, depth - 1);
  if (dice.once(8)) schema.nullable = true;
  if (dice.once(6)) schema.description = 'What it is.';
  return schema;
}

/** An object with properties `a`, `b` and so on. */
export function object(dice: Dice, depth: number): Schema {
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, 1 + dice.number(5));
  const properties = Object.fromEntries(names.map((name) => [name, schemaOf(dice, depth)]));
  const schema: Schema = { type: 'object', properties };
  const required = dice.some(names).filter((name) => properties[name]!.default === undefined);
  if (required.length > 0 && dice.once(2)) schema.required = required;
  if (dice.once(6)) schema['x-kubernetes-preserve-unknown-fields'] = true;
  if (dice.once(6) && names.length > 1)
    schema[dice.one(['oneOf', 'anyOf'])] = names.slice(0, 2).map((name) => ({ required: [name] }));
  if (dice.once(8)) schema.not = { required: [names[0]!, 'other'] };
  if (dice.once(8)) schema.minProperties = 1;
  if (dice.once(8)) schema.maxProperties = 3;
  if (dice.once(5))
    withRules(schema, [{ rule: `!has(self.${names[0]})`, message: `${names[0]} must be absent` }]);
  return schema;
}

function text(dice: Dice): Schema {
  const schema: Schema = { type: 'string' };
  if (dice.once(3)) schema.maxLength = 1 + dice.number(6);
  if (dice.once(5)) schema.minLength = 1;
  if (dice.once(5)) schema.pattern = dice.one(['^[a-z]*$', '^x', '[0-9]$', '^(a|b)+$']);
  if (dice.once(5)) schema.enum = ['x', 'xx', 'red'];
  if (dice.once(6))
    schema.format = dice.one(['date-time', 'date', 'duration', 'ipv4', 'uuid', 'byte', 'uri', 'unknown']);
  if (Object.keys(schema).length === 1 && dice.once(3)) schema.default = 'x';
  if (dice.once(5))
    withRules(
      schema,
      dice.some<Rule>([
        { rule: "self != 'bad'" },
        { rule: 'self == oldSelf', message: 'must not change', reason: 'FieldValueForbidden' },
        { rule: "self.startsWith('x')", messageExpression: "'not ' + self" },
      ]),
    );
  return schema;
}

function whole(dice: Dice): Schema {
  const schema: Schema = { type: 'integer' };
  if (dice.once(3)) schema.minimum = dice.number(4);
  if (dice.once(3)) schema.maximum = 4 + dice.number(6);
  if (schema.maximum !== undefined && dice.once(3)) schema.exclusiveMaximum = true;
  if (dice.once(6)) schema.multipleOf = 2;
  if (dice.once(6)) schema.format = dice.one(['int32', 'int64']);
  if (dice.once(8)) schema.enum = [1, 2, 3];
  if (Object.keys(schema).length === 1 && dice.once(3)) schema.default = 4;
  if (dice.once(5))
    withRules(
      schema,
      dice.some<Rule>([
        { rule: 'self % 2 == 0', message: 'must be even' },
        { rule: 'self >= oldSelf', fieldPath: '', messageExpression: "'%d is less'.format([self])" },
      ]),
    );
  return schema;
}

function fraction(dice: Dice): Schema {
  const schema: Schema = { type: 'number' };
  if (dice.once(3)) schema.minimum = 0.5;
  if (dice.once(3)) schema.maximum = 2.5;
  if (dice.once(5)) schema.multipleOf = 0.5;
  if (dice.once(5)) withRules(schema, [{ rule: 'self < 2.0' }]);
  return schema;
}

const flag = (dice: Dice): Schema => ({ type: 'boolean', ...(dice.once(3) && { default: true }) });

const either = (dice: Dice): Schema => ({
  'x-kubernetes-int-or-string': true,
  ...(dice.once(3) && { pattern: '^[0-9]+%$' }),
});

function map(dice: Dice, depth: number): Schema {
  const schema: Schema = { type: 'object', additionalProperties: schemaOf(dice, depth) };
  if (dice.once(3)) schema.maxProperties = 2;
  if (dice.once(5)) schema['x-kubernetes-map-type'] = dice.one(['granular', 'atomic']);
  if (dice.once(5)) {
    schema.maxProperties ??= 5;
    withRules(schema, [{ rule: "self.all(k, k != 'bad')" }]);
  }
  return schema;
}

function list(dice: Dice, depth: number): Schema {
  const isSet = dice.once(3);
  const schema: Schema = { type: 'array', items: isSet ? text(dice) : schemaOf(dice, depth) };
  if (isSet) schema['x-kubernetes-list-type'] = 'set';
  else if (dice.once(3)) schema['x-kubernetes-list-type'] = 'atomic';
  if (isSet) delete schema.items!.nullable;
  if (dice.once(3)) schema.maxItems = 2;
  if (dice.once(4)) schema.minItems = 1;
  return schema;
}

function keyed(dice: Dice, depth: number): Schema {
  const keys = dice.once(2) ? ['k'] : ['k', 'l'];
  const items = object(dice, depth);
  for (const key of keys) items.properties![key] = { type: dice.one(['string', 'integer']) };
  items.required = [...new Set([...(items.required ?? []), ...keys])];
  for (const word of ['nullable', 'maxProperties', 'x-kubernetes-preserve-unknown-fields'])
    delete items[word];
  return {
    type: 'array',
    items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
    ...(dice.once(3) && { maxItems: 3 }),
  };
}

function withRules(schema: Schema, rules: Rule[]): void {
  if (rules.length > 0) schema['x-kubernetes-validations'] = rules;
}
