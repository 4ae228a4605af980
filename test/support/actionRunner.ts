import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { execute, type Said } from './plane.ts';

interface Step {
  name?: string;
  id?: string;
  if?: string;
  shell?: string;
  env?: Record<string, string>;
  run?: string;
  uses?: string;
}

interface Action {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

/** What an action has left for the steps after it. */
export interface Outcome {
  said: Said[];
  outputs: Record<string, string>;
  /** With what it added to the environment and the PATH. */
  env: Record<string, string | undefined>;
}

/**
 * Runs a composite action as GitHub's runner does: inputs with their defaults, conditions, a bash with -e -o pipefail for each
 * step, and the files through which steps speak. Knows as much of expressions as the action needs, and throws at others.
 */
export async function runAction(
  file: string,
  given: Record<string, string>,
  folder: string,
  env: Record<string, string | undefined>,
): Promise<Outcome> {
  const action = parse(readFileSync(file, 'utf8')) as Action;
  const unknown = Object.keys(given).find((name) => !(name in action.inputs));
  if (unknown || action.runs.using !== 'composite') throw new Error(`no such input: ${unknown}`);
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: usual = '' }]) => [name, given[name] ?? usual]),
  );
  const steps: Record<string, Record<string, string>> = {};
  const evaluated = (expression: string): string => {
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
    if (input) return inputs[input]!;
    const [, step, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
    if (step) return steps[step]?.[output!] ?? '';
    throw new Error(`the test knows no such expression: ${expression}`);
  };
  const filled = (text: string) =>
    text.replace(/\$\{\{ *(.*?) *\}\}/g, (_, expression) => evaluated(expression));
  const isMet = (condition: string) => {
    const [, expression, wanted] = /^(\S+) == '([^']*)'$/.exec(condition) ?? [];
    if (!expression) throw new Error(`the test knows no such condition: ${condition}`);
    return evaluated(expression) === wanted;
  };
  const outcome: Outcome = { said: [], outputs: {}, env: { ...env, RUNNER_TEMP: join(folder, 'temp') } };
  mkdirSync(outcome.env.RUNNER_TEMP!, { recursive: true });
  for (const [i, step] of action.runs.steps.entries()) {
    if (step.if && !isMet(step.if)) continue;
    if (step.shell !== 'bash' || !step.run) throw new Error(`${step.name}: each step runs a script of bash`);
    const said = await runStep(step, i, folder, outcome, filled);
    outcome.said.push(said.said);
    if (step.id) steps[step.id] = said.outputs;
    if (said.said.code) break;
  }
  for (const [name, { value }] of Object.entries(action.outputs)) outcome.outputs[name] = filled(value);
  return outcome;
}

async function runStep(
  step: Step,
  i: number,
  folder: string,
  outcome: Outcome,
  filled: (text: string) => string,
) {
  const [script, ...files] = ['script.sh', 'env', 'path', 'output'].map((name) =>
    join(folder, `${i}-${name}`),
  ) as [string, ...string[]];
  writeFileSync(script, filled(step.run!));
  for (const file of files) appendFileSync(file, '');
  const [GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT] = files as [string, string, string];
  const own = Object.fromEntries(
    Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value)]),
  );
  const env = { ...outcome.env, ...own, GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT };
  const said = await execute('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], env);
  Object.assign(outcome.env, pairsIn(GITHUB_ENV));
  const added = readFileSync(GITHUB_PATH, 'utf8').split('\n').filter(Boolean).reverse();
  outcome.env.PATH = [...added, outcome.env.PATH].join(delimiter);
  return { said, outputs: pairsIn(GITHUB_OUTPUT) };
}

const pairsIn = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
