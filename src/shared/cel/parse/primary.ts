import { Uint, type Value } from '../values/value.ts';
import type { Entry, Expr, FieldInit } from './ast.ts';
import { index, optionalIndex, optionalSelect } from './ast.ts';
import { readInt, readUint, unquote } from './literals.ts';
import { MacroError } from './macro.ts';
import { has, receiverMacro } from './macros.ts';
import type { Parser } from './parser.ts';
import { argument, firstOf, mismatched, noField } from './words.ts';

const reserved = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(
    ' ',
  ),
);

/** A literal, a name, a call, a parenthesis, a list, a map or an object. */
export function parsePrimary(parser: Parser): Expr {
  const { token, nodes } = parser;
  switch (token.kind) {
    case 'int':
    case 'uint':
    case 'double':
    case 'string':
    case 'bytes':
      return nodes.literal(token.at, literalValue(parser));
    case 'ident':
      return parseName(parser, '');
    case 'symbol':
      return parseSymbol(parser);
    default:
      return parser.noExpression();
  }
}

function parseSymbol(parser: Parser): Expr {
  const { at, text } = parser.token;
  switch (text) {
    case '-':
      return parser.nodes.literal(at, literalValue(parser));
    case '(': {
      parser.take();
      const expr = parser.expression();
      parser.expect(')');
      return expr;
    }
    case '[':
      return parseList(parser);
    case '{':
      return parseMap(parser);
    case '.':
      parser.take();
      return parser.token.kind === 'ident'
        ? parseName(parser, '.')
        : parser.syntaxError(noField(parser.token));
    default:
      return parser.noExpression();
  }
}

/** Takes a literal; one that cannot be read is reported and stands for null. */
function literalValue(parser: Parser): Value {
  const { at } = parser.token;
  const negative = parser.takes('-') !== undefined;
  const { kind, text } = parser.take();
  const bad = (message: string): null => {
    parser.report(at, message);
    return null;
  };
  if (kind === 'int') return readInt(text, negative) ?? bad('invalid int literal');
  if (kind === 'uint') {
    const value = readUint(text);
    return value === undefined ? bad('invalid uint literal') : new Uint(value);
  }
  if (kind === 'double') {
    const value = Number(text);
    return Number.isFinite(value) ? (negative ? -value : value) : bad('invalid double literal');
  }
  const bytes = kind === 'bytes';
  const read = unquote(bytes ? text.slice(1) : text, bytes);
  if ('problem' in read) return bad(read.problem);
  return bytes ? Uint8Array.from(Buffer.from(read.text, 'latin1')) : read.text;
}

/** A name, `true`, `false`, `null`, a call of a function or an object that is made. */
function parseName(parser: Parser, dot: '' | '.'): Expr {
  const { nodes } = parser;
  const { text, at } = parser.take();
  if (!dot && (text === 'true' || text === 'false')) return nodes.literal(at, text === 'true');
  if (!dot && text === 'null') return nodes.literal(at, null);
  if (!dot && text === 'in') return parser.noExpression();
  if (reserved.has(text)) {
    parser.report(at, `reserved identifier: ${text}`);
    if (!parser.at('(') && !parser.at('{')) return nodes.literal(at, null);
  }
  const name = dot + text;
  const open = parser.takes('(');
  if (open) {
    const args = parseArguments(parser);
    return text === 'has' && !dot && args.length === 1
      ? macro(parser, open.at, () => has(nodes, open.at, args[0]!))
      : nodes.call(open.at, name, args);
  }
  if (parser.at('{')) return parseStruct(parser, name);
  return nodes.ident(at, name);
}

function macro(parser: Parser, at: number, expand: () => Expr): Expr {
  try {
    return expand();
  } catch (error) {
    if (!(error instanceof MacroError)) throw error;
    parser.report(error.at, error.message);
    return parser.nodes.literal(at, null);
  }
}

function parseArguments(parser: Parser): Expr[] {
  const args: Expr[] = [];
  if (parser.takes(')')) return args;
  if (parser.token.kind === 'end') parser.noExpression(argument);
  do args.push(parser.expression());
  while (parser.takes(','));
  parser.expect(')');
  return args;
}

/** Returns what may follow an operand: fields, calls and indices, each optional ones too. */
export function parseSuffixes(parser: Parser, start: Expr): Expr {
  let expr = start;
  let entered = 0;
  for (;;) {
    const { at, text, kind } = parser.token;
    if (kind !== 'symbol' || (text !== '.' && text !== '[' && !(text === '{' && dotted(expr)))) break;
    parser.enter('member');
    entered++;
    if (text === '.') expr = parseField(parser, expr);
    else if (text === '{') expr = parseStruct(parser, dotted(expr)!);
    else {
      parser.take();
      const optional = parser.takes('?') !== undefined;
      const key = parser.expression();
      parser.expect(']');
      expr = parser.nodes.call(at, optional ? optionalIndex : index, [expr, key]);
    }
  }
  if (entered > 0) parser.leave('member', entered);
  return expr;
}

function parseField(parser: Parser, operand: Expr): Expr {
  const { nodes } = parser;
  const dot = parser.take();
  const optional = parser.takes('?') !== undefined;
  const { kind, text, at } = parser.token;
  if (kind === 'escaped') {
    parser.report(at, "unsupported syntax: '`'");
    parser.take();
    return nodes.select(dot.at, operand, text);
  }
  if (kind !== 'ident' || text === 'true' || text === 'false' || text === 'null' || text === 'in')
    return parser.syntaxError(noField(parser.token));
  parser.take();
  if (optional) return nodes.call(dot.at, optionalSelect, [operand, nodes.literal(at, text)]);
  const open = parser.takes('(');
  if (!open) return nodes.select(dot.at, operand, text);
  const args = parseArguments(parser);
  const expand =
    receiverMacro(text, args.length) ?? parser.macros.get(`${dotted(operand)}.${text}:${args.length}`);
  return expand
    ? macro(parser, open.at, () => expand({ nodes, at: open.at, target: operand, args }))
    : nodes.call(open.at, text, args, operand);
}

/** The name `a.b.c` that an expression spells, if it does. */
export function dotted(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.test) return undefined;
  const before = dotted(expr.operand);
  return before === undefined ? undefined : `${before}.${expr.field}`;
}

/** Returns whether an element, or the end of a list or map, may come here. */
function startsExpression(parser: Parser): boolean {
  const { kind, text } = parser.token;
  return kind === 'symbol' ? /^[[\]{}(.,\-!?]$/.test(text) : kind !== 'end' && text !== 'in';
}

function parseList(parser: Parser): Expr {
  const { at } = parser.take();
  const elements: Expr[] = [];
  const optional = new Set<number>();
  if (!startsExpression(parser)) parser.noExpression(firstOf(']'));
  while (!parser.at(']')) {
    if (parser.takes('?')) optional.add(elements.length);
    elements.push(parser.expression());
    if (!parser.takes(',')) break;
  }
  if (!parser.takes(']')) parser.syntaxError(mismatched(parser.token, ["']'", "','"]));
  return parser.nodes.list(at, elements, optional);
}

function parseMap(parser: Parser): Expr {
  const { at } = parser.take();
  const id = parser.nodes.id();
  const entries: Entry[] = [];
  if (!startsExpression(parser)) parser.noExpression(firstOf('}'));
  while (!parser.at('}')) {
    const optional = parser.takes('?') !== undefined;
    const key = parser.expression();
    const colon = parser.expect(':');
    entries.push({ id: parser.nodes.id(), at: colon.at, key, value: parser.expression(), optional });
    if (!parser.takes(',')) break;
  }
  if (!parser.takes('}')) parser.syntaxError(mismatched(parser.token, ["'}'", "','"]));
  return { kind: 'map', id, at, entries };
}

function parseStruct(parser: Parser, typeName: string): Expr {
  const { at } = parser.take();
  const id = parser.nodes.id();
  const fields: FieldInit[] = [];
  while (!parser.at('}')) {
    const optional = parser.takes('?') !== undefined;
    const name = parser.token;
    if (name.kind === 'escaped') parser.report(name.at, "unsupported syntax: '`'");
    else if (name.kind !== 'ident')
      parser.syntaxError(
        mismatched(
          name,
          optional ? ['IDENTIFIER', 'ESC_IDENTIFIER'] : ["'}'", "','", "'?'", 'IDENTIFIER', 'ESC_IDENTIFIER'],
        ),
      );
    parser.take();
    const colon = parser.expect(':');
    const value = parser.expression();
    fields.push({ id: parser.nodes.id(), at: colon.at, name: name.text, value, optional });
    if (!parser.takes(',')) break;
  }
  if (!parser.takes('}')) parser.syntaxError(mismatched(parser.token, ["'}'", "','"]));
  return { kind: 'struct', id, at, typeName, fields };
}
