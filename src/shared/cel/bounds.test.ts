import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { extend } from './check/environment.ts';
import { kubernetesEnvironment } from './environment.ts';
import { compile, type Evaluation } from './index.ts';
import { dynType } from './types/type.ts';
import { fromJson } from './values/json.ts';
import { Failure } from './values/value.ts';

const environment = extend(kubernetesEnvironment, { x: dynType, y: dynType });

function evaluate(expression: string, data: Record<string, unknown> = {}, steps?: number): Evaluation {
  const compiled = compile(expression, environment);
  if (!('program' in compiled)) throw new Error(JSON.stringify(compiled));
  return compiled.program.evaluate(
    (name) => (name in data ? fromJson(data[name]) : undefined),
    undefined,
    steps,
  );
}
const messageOf = ({ outcome }: Evaluation): string | undefined =>
  outcome instanceof Failure ? outcome.message : undefined;

describe('an evaluation ends, whatever it is given', () => {
  const interrupted = 'operation interrupted';
  const numbers = Array.from({ length: 3000 }, (_, index) => index);

  test('a pattern that explodes elsewhere takes time in proportion to the text', () => {
    const { outcome } = evaluate("x.matches('^(a+)+$')", { x: `${'a'.repeat(50_000)}b` });
    expect(outcome).toBe(false);
  });
  test('a pattern of many instructions ends at the limit of steps', () => {
    const large = `^${'(a?){1000}'.repeat(4)}b*$`;
    expect(messageOf(evaluate(`x.matches('${large}')`, { x: 'a'.repeat(16_000) }))).toBe(interrupted);
    expect(evaluate(`x.matches('${large}')`, { x: 'a' }).outcome).toBe(true);
    expect(messageOf(evaluate("x.findAll('a(.*b)?') == []", { x: 'a'.repeat(16_000) }))).toBe(interrupted);
  });
  test('a pattern that takes long to compile does not compile', () => {
    const large = '(a?){1000}'.repeat(300);
    expect(messageOf(evaluate("'a'.matches(x)", { x: large }))).toBe(interrupted);
    expect(compile(`'a'.matches('${large}')`, environment)).toEqual({ unplannable: interrupted });
  });
  test('nested loops end at the limit of cost', () => {
    expect(evaluate('x.all(a, x.all(b, x.all(c, a >= 0)))', { x: numbers })).toMatchObject({
      exceeded: true,
    });
  });
  test('loops that cost nothing end at the limit of steps', () => {
    const nested = evaluate('x.all(a, x.filter(b, false) == [])', { x: numbers }, 100_000);
    expect(messageOf(nested)).toBe('operation interrupted');
  });
  test('adding large lists in a loop copies none of them', () => {
    const { outcome } = evaluate('x.all(a, (y + y).size() == 40000)', {
      x: numbers,
      y: Array.from({ length: 20_000 }, () => 0),
    });
    expect(outcome).toBe(true);
  });
  test.each([
    ['reading a long text', '(y + y).size() > 0', 'a'.repeat(100_000)],
    ['writing a long text', "'%s'.format([y]) != ''", 'a'.repeat(100_000)],
    [
      'counting the fields of an object',
      'y.size() > 0',
      Object.fromEntries(numbers.map((i) => [`k${i}`, i])),
    ],
    ['making long lists', 'lists.range(100000).size() > 0', null],
  ])('what costs little in a loop ends at the limit of steps: %s', (_, expression, y) => {
    const loop = evaluate(`x.all(a, ${expression})`, { x: numbers, y }, 1_000_000);
    expect(messageOf(loop)).toBe(interrupted);
  });
  test('comparing large data in a loop ends at the limit of steps', () => {
    const big = [numbers];
    expect(messageOf(evaluate('x.all(a, y == y)', { x: numbers, y: big }, 100_000))).toBe(
      'operation interrupted',
    );
  });
  test.each([
    ['parentheses', `${'('.repeat(300)}1${')'.repeat(300)}`],
    ['lists', '['.repeat(300) + ']'.repeat(300)],
    ['a sum', Array.from({ length: 400 }, () => '1').join('+')],
    ['fields', `x${'.a'.repeat(400)}`],
    ['conditions', `${'true ? 1 : '.repeat(300)}1`],
  ])('what nests too deeply does not compile: %s', (_, expression) => {
    expect(compile(expression, environment)).toEqual({
      issues: 'ERROR: <input>:-1:0: expression recursion limit exceeded: 250',
    });
  });
  test('a long chain of && is not deep', () => {
    expect(evaluate(Array.from({ length: 5000 }, () => 'true').join('&&')).outcome).toBe(true);
  });
  test('an expression that is too long does not compile', () => {
    expect(compile(`'${'a'.repeat(100_000)}'`, environment)).toMatchObject({
      issues: expect.stringContaining('expression code point size exceeds limit: size: 100002, limit 100000'),
    });
  });
});

describe('any text and any value', () => {
  const pieces = fc.constantFrom(
    ...[
      'x',
      'y',
      '1',
      '2u',
      '3.5',
      "'a'",
      'true',
      'null',
      '+',
      '-',
      '*',
      '/',
      '%',
      '==',
      '<',
      'in',
      '&&',
      '||',
    ],
    ...[
      '!',
      '?',
      ':',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '.',
      ',',
      '.all(i, ',
      '.map(i, ',
      'has(x.',
      'size(',
      'dyn(',
    ],
  );
  test('compiles or has issues, and evaluates or fails', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.jsonValue(), (parts, x) => {
        const compiled = compile(parts.join(' '), environment);
        if ('program' in compiled)
          compiled.program.evaluate((name) => (name === 'x' ? fromJson(x) : undefined));
      }),
      { numRuns: 1000 },
    );
  });
  test('arithmetic on int is that of 64 bits, or fails', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const operators = {
      '+': (a: bigint, b: bigint) => a + b,
      '-': (a: bigint, b: bigint) => a - b,
      '*': (a: bigint, b: bigint) => a * b,
    };
    const compiled = Object.entries(operators).map(([symbol, exact]) => {
      const made = compile(`x ${symbol} y`, environment);
      if (!('program' in made)) throw new Error(symbol);
      return { program: made.program, exact };
    });
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        for (const { program, exact } of compiled) {
          const { outcome } = program.evaluate((name) => (name === 'x' ? a : b));
          const value = exact(a, b);
          if (BigInt.asIntN(64, value) === value) expect(outcome).toBe(value);
          else expect(outcome).toEqual(new Failure('integer overflow'));
        }
      }),
    );
  });
});
