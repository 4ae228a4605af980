import { table } from '../../../meta/table.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';

/** The path of a rule, such as `.spec['a.b']`, as validation writes paths; or why it leads nowhere in the schema. */
export type FieldPath =
  | { readonly path: string; readonly schema: JSONSchemaProps }
  | { readonly problem: string };

const end = 'unexpected end of JSON path';
const nowhere = 'does not refer to a valid field';

/** Follows a path from the root of a schema and rewrites it as validation writes paths. */
export function fieldPathOf(text: string, schema: JSONSchemaProps): FieldPath {
  const tokens = text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+|'/g) ?? [];
  let at = schema;
  let path = '';
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const bracket = token === '[';
    if (!bracket && token !== '.') return { problem: `expected [ or . but got: ${token}` };
    const next = tokens[++index];
    if (next === undefined) return { problem: end };
    const name = bracket ? unquote(next) : next;
    if (typeof name !== 'string') return name;
    const part = partOf(at, name);
    if (!part) return { problem: nowhere };
    at = part.schema;
    path = part.named ? `${path}${path && '.'}${name}` : `${path}[${name}]`;
    if (!bracket) continue;
    const closing = tokens[++index];
    if (closing === undefined) return { problem: end };
    if (closing !== ']') return { problem: `expected ] but got ${closing}` };
  }
  return { path, schema: at };
}

function partOf(
  schema: JSONSchemaProps,
  name: string,
): { schema: JSONSchemaProps; named: boolean } | undefined {
  const { properties, additionalProperties } = schema;
  if (properties)
    return Object.hasOwn(properties, name) ? { schema: properties[name]!, named: true } : undefined;
  return typeof additionalProperties === 'object'
    ? { schema: additionalProperties, named: false }
    : undefined;
}

const escapes: Record<string, string> = table({
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
});

function unquote(token: string): string | { problem: string } {
  if (!/^'[\s\S]*'$/.test(token) || token.length < 2)
    return { problem: `expected single quoted string but got ${token}` };
  let wrong: string | undefined;
  const text = token.slice(1, -1).replace(/\\./g, (sequence) => {
    const character = escapes[sequence[1]!];
    if (character === undefined) wrong ??= sequence;
    return character ?? '';
  });
  return wrong === undefined ? text : { problem: `invalid string literal: invalid escape char ${wrong}` };
}
