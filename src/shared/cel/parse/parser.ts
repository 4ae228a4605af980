import { conditional, type Expr, negate, not, operators } from './ast.ts';
import { type Token, tokenize } from './lexer.ts';
import type { Macro } from './macro.ts';
import { Nodes } from './nodes.ts';
import { parsePrimary, parseSuffixes } from './primary.ts';
import type { Issue } from './source.ts';
import { expression, extraneous, mismatched, missing, noViable } from './words.ts';

const longest = 100_000;
/** Says how deep rules of the grammar may nest, each counted by itself as in cel-go. */
const deepest = 250;

/** Ends parsing; the issue is noted. */
export class Unparsable extends Error {}

/** The expression of a text; undefined when it has issues, which are added to the list. */
export function parse(text: string, issues: Issue[], macros?: ReadonlyMap<string, Macro>): Expr | undefined {
  const size = [...text].length;
  if (size > longest) {
    const message = `expression code point size exceeds limit: size: ${size}, limit ${longest}`;
    issues.push({ at: undefined, message });
    return undefined;
  }
  const parser = new Parser(text, issues, macros);
  try {
    const expr = parser.expression();
    parser.end();
    return issues.length > 0 ? undefined : expr;
  } catch (error) {
    if (error instanceof Unparsable) return undefined;
    throw error;
  }
}

/** A parser by precedence over the tokens of one expression. */
export class Parser {
  readonly nodes = new Nodes();
  readonly macros: ReadonlyMap<string, Macro>;
  private position = 0;
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly issues: Issue[];
  private readonly depths = new Map<string, number>();

  constructor(text: string, issues: Issue[], macros: ReadonlyMap<string, Macro> = new Map()) {
    this.text = text;
    this.tokens = tokenize(text, issues);
    this.issues = issues;
    this.macros = macros;
  }

  get token(): Token {
    return this.tokens[this.position]!;
  }
  get following(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)]!;
  }
  at(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol;
  }
  take(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.position++;
    return token;
  }
  /** Takes a symbol when it comes next. */
  takes(symbol: string): Token | undefined {
    return this.at(symbol) ? this.take() : undefined;
  }
  /** Takes a closing symbol or says which one is missing. */
  expect(symbol: string): Token {
    if (this.at(symbol)) return this.take();
    const shown = `'${symbol}'`;
    const { token, following } = this;
    if (following.kind === 'symbol' && following.text === symbol)
      this.syntaxError(extraneous(token, [shown]));
    if (symbol !== ':' && token.kind === 'end') this.syntaxError(missing(token, shown));
    this.syntaxError(mismatched(token, [shown]));
  }
  end(): void {
    if (this.token.kind === 'end') return;
    const say = this.following.kind === 'end' ? extraneous : mismatched;
    this.syntaxError(say(this.token, ['<EOF>']));
  }

  /** Notes a mistake that leaves the rest readable. */
  report(at: number, message: string): void {
    this.issues.push({ at, message });
  }
  syntaxError(message: string): never {
    this.issues.push({ at: this.token.at, message: `Syntax error: ${message}` });
    throw new Unparsable();
  }
  noExpression(expected: readonly string[] = expression): never {
    const { token, following } = this;
    const fits =
      following.kind !== 'end' && (following.kind !== 'symbol' || /^[[{(.!-]$/.test(following.text));
    const say = fits && (token.kind === 'symbol' || token.text === 'in') ? extraneous : mismatched;
    this.issues.push({ at: token.at, message: `Syntax error: ${say(token, expected)}` });
    // An operator that is the last token is skipped, and then there is still no expression.
    if (following.kind === 'end' && /^(?:[?*/%+<>]|[<>=!]=|&&|\|\||in)$/.test(token.text))
      this.issues.push({ at: following.at, message: `Syntax error: ${mismatched(following, expected)}` });
    throw new Unparsable();
  }

  /** Goes into a rule of the grammar, unless it is nested too deeply. */
  enter(rule: string): void {
    const depth = (this.depths.get(rule) ?? 0) + 1;
    this.depths.set(rule, depth);
    if (depth <= deepest) return;
    this.issues.push({ at: undefined, message: `expression recursion limit exceeded: ${deepest}` });
    throw new Unparsable();
  }
  leave(rule: string, times = 1): void {
    this.depths.set(rule, this.depths.get(rule)! - times);
  }

  expression(): Expr {
    this.enter('expr');
    const condition = this.or();
    const mark = this.takes('?');
    let expr = condition;
    if (mark) {
      const yes = this.or();
      this.expect(':');
      expr = this.nodes.call(mark.at, conditional, [condition, yes, this.expression()]);
    }
    this.leave('expr');
    return expr;
  }

  private or(): Expr {
    return this.chain('||', () => this.chain('&&', () => this.relation()));
  }

  /** Terms joined by one logical operator become a balanced tree, so that long chains are not deep. */
  private chain(operator: '||' | '&&', next: () => Expr): Expr {
    const terms = [next()];
    const places: number[] = [];
    for (let mark = this.takes(operator); mark; mark = this.takes(operator)) {
      places.push(mark.at);
      terms.push(next());
    }
    const balanced = (low: number, high: number): Expr => {
      const middle = Math.floor((low + high + 1) / 2);
      const left = middle === low ? terms[middle]! : balanced(low, middle - 1);
      const right = middle === high ? terms[middle + 1]! : balanced(middle + 1, high);
      return this.nodes.call(places[middle]!, operators[operator], [left, right]);
    };
    return places.length === 0 ? terms[0]! : balanced(0, places.length - 1);
  }

  private relation(): Expr {
    return this.leftToRight('relation', /^(?:[<>]=?|[!=]=)$/, () => this.sum());
  }
  private sum(): Expr {
    return this.leftToRight('calc', /^[+-]$/, () => this.leftToRight('calc', /^[*/%]$/, () => this.unary()));
  }

  private leftToRight(rule: string, wanted: RegExp, next: () => Expr): Expr {
    this.enter(rule);
    let entered = 1;
    let left = next();
    while (this.isOperator(rule, wanted)) {
      const { text, at } = this.take();
      this.enter(rule);
      entered++;
      left = this.nodes.call(at, operators[text as keyof typeof operators], [left, next()]);
    }
    this.leave(rule, entered);
    return left;
  }
  private isOperator(rule: string, wanted: RegExp): boolean {
    const { kind, text } = this.token;
    return kind === 'symbol' ? wanted.test(text) : rule === 'relation' && kind === 'ident' && text === 'in';
  }

  private unary(): Expr {
    const first = this.token;
    if (this.at('!') || (this.at('-') && !this.startsNegative())) {
      let count = 0;
      let last = first;
      while (this.at(first.text)) {
        last = this.take();
        count++;
      }
      if (this.token.kind === 'end') this.nothingAfter(last);
      const operand = this.member();
      const odd = count % 2 === 1;
      return odd ? this.nodes.call(first.at, first.text === '!' ? not : negate, [operand]) : operand;
    }
    return this.member();
  }
  /** ANTLR looks ahead differently after each of the two signs. */
  private nothingAfter(sign: Token): never {
    if (sign.text === '!') this.syntaxError(extraneous(this.token, expression));
    this.issues.push({ at: this.token.at, message: `Syntax error: ${noViable(this.text.slice(sign.at))}` });
    this.syntaxError(mismatched(this.token, expression));
  }
  /** A minus before a number belongs to the number. */
  private startsNegative(): boolean {
    return this.following.kind === 'int' || this.following.kind === 'double';
  }
  private member(): Expr {
    return parseSuffixes(this, parsePrimary(this));
  }
}
