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
  string: t.stringType,
  dyn: t.dynType,
  'list(string)': t.listOf(t.stringType),
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

/** Where the answer is another one, and why that may be. */
const differing: Record<string, string> = {
  ...Object.fromEntries(
    recorded<{ expr: string; why: string }>(import.meta.dirname, 'differing.jsonl').map(({ expr, why }) => [
      expr,
      why,
    ]),
  ),
};

describe('expressions', () => {
  const cases = recorded<Case>(import.meta.dirname, 'expressions.jsonl');
  test('answer, fail, cost and are estimated as in Kubernetes 1.35', () => {
    const others = cases.filter((one) => !(one.expr in differing) && !same(one.answer, answer(one)));
    expect(others.map((one) => ({ ...one, got: answer(one) }))).toEqual([]);
  });
  test('that are said to differ do differ', () => {
    const alike = cases.filter((one) => one.expr in differing && same(one.answer, answer(one)));
    expect(alike).toEqual([]);
  });
});
