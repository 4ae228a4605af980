import type { Token } from './lexer.ts';

/** Is what ANTLR, the parser generator of cel-go, says of tokens that do not fit. */
const start = [
  ...["'['", "'{'", "'('", "'.'", "'-'", "'!'", "'true'", "'false'", "'null'"],
  ...['NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER'],
];

/** Says where an expression has to begin. */
export const expression: readonly string[] = start;
/** Says where an argument or the end of the arguments may come. */
export const argument: readonly string[] = start.toSpliced(3, 0, "')'");
/** Returns where the first element of a list or map, or its end, may come. */
export const firstOf = (closing: ']' | '}'): readonly string[] => [
  "'['",
  ...(closing === ']' ? ["']'", "'{'"] : ["'{'", "'}'"]),
  ...["'('", "'.'", "','", "'-'", "'!'", "'?'"],
  ...start.slice(6),
];

const shown = (token: Token): string => `'${token.text.replaceAll('\n', '\\n')}'`;
const listed = (words: readonly string[]): string =>
  words.length === 1 ? words[0]! : `{${words.join(', ')}}`;

export const mismatched = (found: Token, expected: readonly string[]): string =>
  `mismatched input ${shown(found)} expecting ${listed(expected)}`;

/** The token is too many: the one after it fits. */
export const extraneous = (found: Token, expected: readonly string[]): string =>
  `extraneous input ${shown(found)} expecting ${listed(expected)}`;

/** A token is missing: what comes would fit after it. */
export const missing = (found: Token, expected: string): string => `missing ${expected} at ${shown(found)}`;

export const noViable = (text: string): string => `no viable alternative at input '${text}'`;

const words = new Set(['true', 'false', 'null']);

/** After a dot comes a name. */
export const noField = (found: Token): string =>
  words.has(found.text)
    ? mismatched(found, ['IDENTIFIER'])
    : noViable(`.${found.kind === 'end' ? '' : found.text}`);
