import type { Issue } from './source.ts';

export type TokenKind =
  | 'end'
  | 'symbol'
  | 'ident'
  | 'escaped'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

/** In order of precedence: the first that matches at least as much as the others wins. */
const shapes: readonly [TokenKind | 'space', RegExp][] = [
  ['space', /[\t \r\n\f]+|\/\/[^\n]*/y],
  ['double', /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ['int', /0x[0-9a-fA-F]+|\d+/y],
  ['bytes', stringShape('[bB]')],
  ['string', stringShape('')],
  ['ident', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['escaped', /`[A-Za-z0-9_.\-/ ]+`/y],
  ['symbol', /==|!=|<=|>=|&&|\|\||[[\]{}().,\-!?:+*/%<>]/y],
];

function stringShape(prefix: string): RegExp {
  const point = '[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}';
  const sequence = `\\\\(?:[abfnrtv"'\\\\?\`]|[0-3][0-7][0-7]|${point})`;
  const raw = ['"""[\\s\\S]*?"""', "'''[\\s\\S]*?'''", '"[^"\\n\\r]*"', "'[^'\\n\\r]*'"].join('|');
  const plain = [
    `"""(?:${sequence}|[^\\\\])*?"""`,
    `'''(?:${sequence}|[^\\\\])*?'''`,
    `"(?:${sequence}|[^\\\\"\\n\\r])*"`,
    `'(?:${sequence}|[^\\\\'\\n\\r])*'`,
  ].join('|');
  return new RegExp(`${prefix}(?:[rR](?:${raw})|${plain})`, 'y');
}

/** The tokens of a text up to its end. What is no token is reported and left out, as ANTLR does. */
export function tokenize(text: string, issues: Issue[]): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const token = next(text, at);
    if (!token) {
      const bad = unreadable(text, at);
      issues.push({ at, message: `Syntax error: token recognition error at: '${printable(bad)}'` });
      at += bad.length;
      continue;
    }
    at += token.text.length;
    if (token.kind !== 'space') tokens.push(token as Token);
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
  return tokens;
}

function next(text: string, at: number): { kind: TokenKind | 'space'; text: string; at: number } | undefined {
  let best: { kind: TokenKind | 'space'; text: string; at: number } | undefined;
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at;
    const found = shape.exec(text)?.[0];
    if (found !== undefined && found.length > (best?.text.length ?? 0)) best = { kind, text: found, at };
  }
  return best;
}

/** An unfinished string is one mistake up to where it cannot go on; other characters are one each. */
function unreadable(text: string, at: number): string {
  const quote = /(?:[bB]?[rR]?)(["'])(?:\\[^\n\r]|(?!\1)[^\\\n\r])*/y;
  quote.lastIndex = at;
  const open = quote.exec(text)?.[0];
  if (open) return text.slice(at, Math.min(text.length, at + open.length + 1));
  const single = String.fromCodePoint(text.codePointAt(at)!);
  const pair = (single === '&' || single === '|' || single === '=') && text[at + 1];
  return pair ? single + pair : single;
}

const printable = (text: string): string =>
  text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
