import { badRequest } from '../errors/common.ts';
import { isInt64, type Requirement, Selector } from './labels.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';

/** Parses `a=b,c!=d,e in (f,g),h,!i,j>1`. Throws BadRequest with the words of a real server. */
export function parseLabelSelector(text: string): Selector {
  const tokens = new Tokens(text);
  const requirements: Requirement[] = [];
  while (tokens.peek() !== '') {
    const first = tokens.peek();
    if (!isWord(first) && first !== '!')
      throw badRequest(`found '${first}', expected: !, identifier, or 'end of string'`);
    requirements.push(parseRequirement(tokens));
    const after = tokens.take();
    if (after === '') break;
    if (after !== ',') throw badRequest(`found '${after}', expected: ',' or 'end of string'`);
    const next = tokens.peek();
    if (!isWord(next) && next !== '!') throw badRequest(`found '${next}', expected: identifier after ','`);
  }
  return new Selector(requirements);
}

const isWord = (token: string) => token !== '' && !/^[!=<>(),]/.test(token);

class Tokens {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/!=|==|[=!><(),]|[^\s!=<>(),]+/g) ?? [];
  }
  /** The next token, `''` at the end. */
  peek(): string {
    return this.#tokens[this.#at] ?? '';
  }
  take(): string {
    const token = this.peek();
    this.#at++;
    return token;
  }
}

const fail = (why: string): never => {
  throw badRequest(`unable to parse requirement: ${why}`);
};

function parseRequirement(tokens: Tokens): Requirement {
  const negated = tokens.peek() === '!';
  if (negated) tokens.take();
  const key = tokens.take();
  if (!isWord(key)) fail(`found '${key}', expected: identifier`);
  const badKey = qualifiedNameProblems(key);
  if (badKey.length > 0) fail(`<nil>: Invalid value: ${JSON.stringify(key)}: ${badKey.join('; ')}`);
  if (negated) return { key, operator: 'DoesNotExist', values: [] };
  if (tokens.peek() === '' || tokens.peek() === ',') return { key, operator: 'Exists', values: [] };
  return checked(parseComparison(key, tokens));
}

function parseComparison(key: string, tokens: Tokens): Requirement {
  const operator = tokens.take();
  switch (operator) {
    case 'in':
      return { key, operator: 'In', values: parseValues(tokens) };
    case 'notin':
      return { key, operator: 'NotIn', values: parseValues(tokens) };
    case '=':
    case '==':
      return { key, operator: 'In', values: [parseValue(tokens)], exact: true };
    case '!=':
      return { key, operator: 'NotIn', values: [parseValue(tokens)], exact: true };
    case '>':
      return { key, operator: 'Gt', values: [parseValue(tokens)] };
    case '<':
      return { key, operator: 'Lt', values: [parseValue(tokens)] };
    default:
      return fail(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function parseValue(tokens: Tokens): string {
  if (tokens.peek() === '' || tokens.peek() === ',') return '';
  const value = tokens.take();
  return isWord(value) ? value : fail(`found '${value}', expected: identifier`);
}

/** `(a,,b)`: empty places are the empty value; the answer is sorted and without repetition. */
function parseValues(tokens: Tokens): string[] {
  const open = tokens.take();
  if (open !== '(') fail(`found '${open}' expected: '('`);
  const values = new Set<string>();
  let expectsValue = true;
  for (;;) {
    const token = tokens.take();
    if (isWord(token)) {
      if (!expectsValue) fail(`found '${token}', expected: ',' or ')'`);
      values.add(token);
      expectsValue = false;
    } else if (token === ',' || token === ')') {
      if (expectsValue) values.add('');
      if (token === ')') return [...values].sort();
      expectsValue = true;
    } else {
      fail(`found '${token}', expected: ',' ${expectsValue ? 'or identifier' : "or ')'"}`);
    }
  }
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement;
  const problems: string[] = [];
  const invalid = (at: string, value: string, why: string) =>
    problems.push(`${at}: Invalid value: ${JSON.stringify(value)}: ${why}`);
  values.forEach((value, i) => {
    if ((operator === 'Gt' || operator === 'Lt') && !isInt64(value))
      invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer");
  });
  values.forEach((value, i) => {
    const bad = labelValueProblems(value);
    if (bad.length > 0) invalid(`values[${i}][${key}]`, value, bad.join('; '));
  });
  if (problems.length > 0) fail(problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`);
  return requirement;
}
