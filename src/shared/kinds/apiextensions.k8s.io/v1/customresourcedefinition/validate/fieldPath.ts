import { partOf, type Structural } from '../../../../custom/schema/structural.ts';

/**
 * The schema that a path leads to (`.spec.size`, and with `allowBrackets` `.map['key']`), or why it leads nowhere.
 */
export function followPath(path: string, root: Structural, allowBrackets = true): Structural | string {
  let schema = root;
  const tokens = path.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]]+/g) ?? [];
  for (let i = 0; i < tokens.length; i += 2) {
    const isBracket = tokens[i] === '[';
    if (isBracket && !allowBrackets) return 'array notation is not allowed';
    if (!isBracket && tokens[i] !== '.') return `expected [ or . but got: ${tokens[i]}`;
    const token = tokens[i + 1];
    if (token === undefined) return 'unexpected end of JSON path';
    if (isBracket && !/^'.*'$/s.test(token)) return `expected single quoted string but got ${token}`;
    const next = partOf(schema, isBracket ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token);
    if (!next) return 'does not refer to a valid field';
    schema = next;
    if (!isBracket) continue;
    if (tokens[i + 2] === undefined) return 'unexpected end of JSON path';
    if (tokens[i + 2] !== ']') return `expected ] but got ${tokens[i + 2]}`;
    i++;
  }
  return schema;
}
