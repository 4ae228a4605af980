import { describe, expect, test } from '@jest/globals';
import { showValue } from '../../../tools/cel/show.ts';
import { extend } from './check/environment.ts';
import { kubernetesEnvironment } from './environment.ts';
import { compile } from './index.ts';
import { recorded } from './testing.ts';
import * as t from './types/type.ts';
import { fromJson } from './values/json.ts';
import { Failure } from './values/value.ts';

interface Case {
  expr: string;
  vars?: Record<string, string>;
  bind?: Record<string, unknown>;
  /** Is what the specification wants, where the case is of cel-spec. */
  want?: { value?: string; error?: string };
  answer: Answer;
}
interface Answer {
  compile?: string;
  error?: string;
  value?: string;
  cost?: number;
  est?: [number, number];
}

const types: Record<string, t.Type> = {
  int: t.intType,
  uint: t.uintType,
  string: t.stringType,
  bool: t.boolType,
  dyn: t.dynType,
  timestamp: t.timestampType,
  'list(int)': t.listOf(t.intType),
  'list(string)': t.listOf(t.stringType),
  'list(dyn)': t.listOf(t.dynType),
  'map(string, dyn)': t.mapOf(t.stringType, t.dynType),
  'map(string, int)': t.mapOf(t.stringType, t.intType),
  'map(string, string)': t.mapOf(t.stringType, t.stringType),
};

function answer({ expr, vars = {}, bind = {} }: Case): Answer {
  const declared = Object.fromEntries(Object.entries(vars).map(([name, type]) => [name, types[type]!]));
  const compiled = compile(expr, extend(kubernetesEnvironment, declared));
  if ('issues' in compiled) return { compile: compiled.issues };
  if ('unplannable' in compiled) return { error: `program: ${compiled.unplannable}` };
  const { program } = compiled;
  const { min, max } = program.estimate();
  const { outcome, cost } = program.evaluate((name) => (name in bind ? fromJson(bind[name]) : undefined));
  const found: Answer = { cost, est: [min, max] };
  return outcome instanceof Failure
    ? { ...found, error: outcome.message }
    : { ...found, value: showValue(outcome) };
}

/** Sizes and costs are doubles here and unsigned integers there. */
const near = (a: number, b: number): boolean => a === b || Math.abs(a - b) / Math.max(a, b) < 1e-9;

function same(want: Answer, got: Answer): boolean {
  if (want.compile !== got.compile || want.error !== got.error || want.value !== got.value) return false;
  if (want.cost !== undefined && got.cost !== undefined && want.cost !== got.cost) return false;
  return !want.est || !got.est || want.est.every((bound, index) => near(bound, got.est![index]!));
}

/** Says where the answer is another one, and why that may be. */
const differing: Record<string, string> = {
  ...Object.fromEntries(
    recorded<{ expr: string; why: string }>(import.meta.dirname, 'differing.jsonl').map(({ expr, why }) => [
      expr,
      why,
    ]),
  ),
};

describe.each([
  ['tests of Kubernetes and cel-go', 'expressions.jsonl'],
  ['cel-spec', 'specification.jsonl'],
])('expressions of the %s', (_, file) => {
  const cases = recorded<Case>(import.meta.dirname, file);
  test('answer, fail, cost and are estimated as in Kubernetes 1.35', () => {
    const others = cases.filter((one) => !(one.expr in differing) && !same(one.answer, answer(one)));
    expect(others.map((one) => ({ ...one, got: answer(one) }))).toEqual([]);
  });
  test('that are said to differ do differ', () => {
    const alike = cases.filter((one) => one.expr in differing && same(one.answer, answer(one)));
    expect(alike).toEqual([]);
  });
});

/**
 * Cases of cel-spec that come out otherwise, by file. Those of libraries that Kubernetes does not have (bindings, block,
 * encoders, math), and such as are not meant to be checked, do not compile there either; some of the string extension
 * are of another version of it.
 */
const unlikeSpecification = {
  basic: 2,
  bindings_ext: 5,
  block_ext: 25,
  comparisons: 18,
  conversions: 1,
  encoders_ext: 4,
  fields: 16,
  logic: 5,
  macros: 5,
  macros2: 6,
  math_ext: 182,
  optionals: 7,
  parse: 6,
  plumbing: 1,
  string_ext: 19,
};

test('what cel-spec wants is answered, but for what Kubernetes answers otherwise', () => {
  const cases = recorded<Case & { id: string }>(import.meta.dirname, 'specification.jsonl');
  const fulfils = ({ want }: Case, got: Answer): boolean =>
    want?.value === undefined ? (got.error ?? got.compile) !== undefined : got.value === want.value;
  const unlike = cases.filter((one) => !fulfils(one, answer(one)));
  const byFile = Map.groupBy(unlike, ({ id }) => id.split('/')[0]!);
  expect(Object.fromEntries([...byFile].map(([name, { length }]) => [name, length]))).toEqual(
    unlikeSpecification,
  );
});
