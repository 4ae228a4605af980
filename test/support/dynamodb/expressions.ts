import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { reservedWords } from './reservedWords.ts';

export type Item = Record<string, AttributeValue>;

/**
 * The part of DynamoDB's expression language that the driver speaks: conditions of comparisons and
 * attribute_(not_)exists joined by AND and OR; updates of SET (with if_not_exists, + and -) and ADD.
 * Anything else, and any value that is not used, is a ValidationException, as on AWS.
 */
export class Expression {
  readonly #tokens: string[];
  readonly #values: Item;
  readonly #used = new Set<string>();
  readonly #item: Item;
  #at = 0;

  constructor(text: string, values: Item | undefined, item: Item | undefined) {
    this.#tokens = tokensOf(text);
    this.#values = values ?? {};
    this.#item = item ?? {};
  }

  get used(): ReadonlySet<string> {
    return this.#used;
  }

  condition(): boolean {
    let holds = this.#all();
    while (this.#take('OR')) holds = this.#all() || holds;
    if (this.#at < this.#tokens.length) throw validation(`unexpected ${this.#tokens[this.#at]}`);
    return holds;
  }

  /** The item after the update; operands are the values before it. */
  update(): Item {
    const after = { ...this.#item };
    while (this.#at < this.#tokens.length) {
      const clause = this.#next();
      if (clause !== 'SET' && clause !== 'ADD') throw validation(`clause ${clause}`);
      do {
        const name = this.#next();
        if (clause === 'SET') {
          this.#expect('=');
          const value = this.#sum();
          if (!value) throw validation(`${name} is set to what the item does not have`);
          after[name] = value;
        } else after[name] = sum(this.#item[name] ?? { N: '0' }, this.#operand(), 1);
      } while (this.#take(','));
    }
    return after;
  }

  #all(): boolean {
    let holds = this.#test();
    while (this.#take('AND')) holds = this.#test() && holds;
    return holds;
  }

  #test(): boolean {
    const start = this.#tokens[this.#at]!;
    if (/^attribute_(not_)?exists$/.test(start)) {
      this.#at++;
      const [name] = this.#arguments();
      return (this.#item[name!] !== undefined) === (start === 'attribute_exists');
    }
    const left = this.#operand();
    const operator = this.#next();
    const right = this.#operand();
    if (!left || !right) return false;
    const order = compare(left, right);
    const holds: Record<string, boolean> = {
      '=': order === 0,
      '<>': order !== 0,
      '<': order < 0,
      '<=': order <= 0,
      '>': order > 0,
      '>=': order >= 0,
    };
    if (holds[operator] === undefined) throw validation(`operator ${operator}`);
    return holds[operator];
  }

  #sum(): AttributeValue | undefined {
    let value = this.#operand();
    for (;;) {
      if (this.#take('+')) value = sum(value, this.#operand(), 1);
      else if (this.#take('-')) value = sum(value, this.#operand(), -1);
      else return value;
    }
  }

  #operand(): AttributeValue | undefined {
    if (this.#take('if_not_exists')) {
      const [name, other] = this.#arguments();
      const fallback = this.#value(other!);
      return this.#item[name!] ?? fallback;
    }
    const token = this.#next();
    return token.startsWith(':') ? this.#value(token) : this.#item[token];
  }

  #value(name: string): AttributeValue {
    this.#used.add(name);
    const value = this.#values[name];
    if (!value) throw validation(`${name} has no value`);
    return value;
  }

  #arguments(): string[] {
    this.#expect('(');
    const all = [this.#next()];
    while (this.#take(',')) all.push(this.#next());
    this.#expect(')');
    return all;
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw validation('the expression ends too early');
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw validation(`${token} expected`);
  }
}

/** A name that is a reserved word is a ValidationException. */
export function refuseReserved(text: string): void {
  if (allowed.has(text)) return;
  for (const [word] of text.matchAll(/(?<![:#\w])[a-z]\w*/gi))
    if (reservedWords.has(word.toLowerCase()) && !syntax.has(word))
      throw validation(`attribute name is a reserved keyword: ${word}`);
  allowed.add(text);
}

/** The driver's expressions are few. */
const allowed = new Set<string>();

/** The expression with names in place of what stands for them. */
export function named(text: string, names: Record<string, string> = {}): string {
  refuseReserved(text);
  const unused = new Set(Object.keys(names));
  const whole = text.replace(/#\w+/g, (each) => {
    unused.delete(each);
    if (!names[each]) throw validation(`${each} has no name`);
    return names[each];
  });
  if (unused.size) throw validation(`unused name ${[...unused]}`);
  return whole;
}

/** Words of the language itself, as the driver writes them. */
const syntax = new Set(['AND', 'OR', 'SET', 'ADD', 'REMOVE', 'DELETE', 'BETWEEN', 'IN', 'NOT']);

const known = new Map<string, string[]>();

function tokensOf(text: string): string[] {
  const tokens = known.get(text) ?? text.match(/[:#]?\w+|<=|>=|<>|[=<>(),+-]/g) ?? [];
  known.set(text, tokens);
  return tokens;
}

const bytesOf = (value: AttributeValue | undefined): Buffer => Buffer.from(value?.S ?? value?.B ?? '');

function compare(a: AttributeValue, b: AttributeValue): number {
  if (a.N !== undefined || b.N !== undefined) {
    if (a.N === undefined || b.N === undefined) return Number.NaN;
    return Number(a.N) - Number(b.N);
  }
  return Buffer.compare(bytesOf(a), bytesOf(b));
}

function sum(a: AttributeValue | undefined, b: AttributeValue | undefined, sign: 1 | -1): AttributeValue {
  if (a?.N === undefined || b?.N === undefined) throw validation('an operand is no number');
  return { N: String(Number(a.N) + sign * Number(b.N)) };
}

export const failure = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', ...more });

export const validation = (message: string) => failure('ValidationException', message);
