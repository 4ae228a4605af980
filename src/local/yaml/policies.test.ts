import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Admission } from '../../shared/admission/plugin.ts';
import { evaluationsFor } from '../../shared/admission/policy/decide.ts';
import { evaluate } from '../../shared/admission/policy/elsewhere.ts';
import { dataOf } from '../../shared/admission/policy/request.ts';
import type { JudgePolicy, PolicyWork } from '../../shared/admission/policy/tasks.ts';
import { judge } from '../../shared/admission/validatingadmissionpolicy/judge.ts';
import { madeOnce } from '../../shared/cel/values/steps.ts';
import {
  type TypeCheck,
  warningsAbout,
} from '../../shared/controllers/validatingadmissionpolicystatus/plan.ts';
import { compilePolicy } from '../../shared/kinds/admissionregistration.k8s.io/v1/validatingadmissionpolicy/compile.ts';
import { isComing } from '../../shared/meta/soon.ts';
import { type BodyParser, judgingMs, openBodyParser } from './index.ts';

let parser: BodyParser;
beforeEach(() => {
  parser = openBodyParser(judgingMs);
});
afterEach(() => parser.close());

const place = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
const kind = { ...place, namespaced: true };
const admission = (count: number) =>
  ({
    ...{ operation: 'CREATE', cluster: 'default', kind, objectKind: kind, namespace: 'n', name: 'm' },
    object: {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } },
      data: Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v'])),
    },
    user: { name: 'somebody', groups: [] },
    ...{ dryRun: false, options: undefined, signal: new AbortController().signal },
  }) as unknown as Admission;

const costly = 'object.data.all(a, object.data.all(b, a != b + "x"))';
const asks = "authorizer.group('').resource('pods').check('get').allowed() && ";
const mutation = (expression: string) => ({
  policy: {
    metadata: { name: 'p' },
    spec: {
      mutations: [{ patchType: 'JSONPatch' as const, jsonPatch: { expression } }],
      matchConditions: [{ name: 'costly', expression: costly }],
    },
  },
  index: 0,
});
const patch = `${costly} ? [JSONPatch{op: "add", path: "/data/added", value: "by policy"}] : []`;
const tasks: { [W in keyof PolicyWork]: PolicyWork[W]['of'] } = {
  validations: {
    metadata: { name: 'p' },
    spec: {
      variables: [{ name: 'all', expression: costly }],
      validations: [
        { expression: `${asks}variables.all` },
        { expression: `!(${costly})`, messageExpression: '"has " + string(size(object.data))' },
      ],
      auditAnnotations: [{ key: 'k', valueExpression: '"seen"' }],
    },
  },
  webhook: { matchConditions: [{ name: 'c', expression: asks + costly }], failurePolicy: 'Fail' },
  mutating: mutation(patch).policy,
  mutation: mutation(patch),
};

test.each(Object.keys(tasks) as (keyof PolicyWork)[])(
  'what takes long of policies is evaluated in the thread, with the same outcome: %s',
  async (work) => {
    let count = 0;
    const judgePolicy: JudgePolicy = (task, cluster, lane) => {
      count++;
      return parser.judgePolicy(task, cluster, lane);
    };
    for (const [keys, isLong] of [
      [2, false],
      [300, true],
      [2000, true],
    ] as const) {
      const request = admission(keys);
      const data = dataOf({ admission: request, place, params: undefined, namespace: undefined });
      const asked = (means: object) =>
        evaluationsFor(means, request)(work, 'p', tasks[work], data, (bindings) =>
          evaluate(work, tasks[work], bindings),
        );
      count = 0;
      const outcome = await asked({ judgePolicy });
      expect([keys, outcome, count > 0]).toEqual([keys, await asked({}), isLong]);
    }
  },
);

/** What evaluations of a policy come to, whose expressions take long, at a thread that may take `ms`. */
async function longOutcome<W extends keyof PolicyWork>(
  work: W,
  of: PolicyWork[W]['of'],
  ms: number,
  cluster = 'a',
) {
  const own = ms === judgingMs ? parser : openBodyParser(ms);
  const request = { ...admission(2000), cluster } as Admission;
  const data = dataOf({ admission: request, place, params: undefined, namespace: undefined });
  const outcome = await evaluationsFor(own, request)(work, 'p', of, data, (bindings) =>
    evaluate(work, of, bindings),
  );
  if (own !== parser) await own.close();
  return outcome;
}
const under = (failurePolicy: 'Fail' | 'Ignore') => ({
  policy: { ...tasks.validations, spec: { ...tasks.validations.spec, failurePolicy } },
  mutating: { ...tasks.mutating, spec: { ...tasks.mutating.spec, failurePolicy } },
  webhook: { ...tasks.webhook, failurePolicy },
});
const late = 'not evaluated: it takes too long';
const silent = { annotations: [], annotationErrors: [] };

test('where the thread gives no outcome, the failure policy decides', async () => {
  const [fail, ignore] = [under('Fail'), under('Ignore')];
  expect({
    fail: [
      await longOutcome('validations', fail.policy, 1),
      await longOutcome('mutating', fail.mutating, 1),
      await longOutcome('webhook', fail.webhook, 1),
      await longOutcome('mutation', tasks.mutation, 1),
    ],
    ignore: [
      await longOutcome('validations', ignore.policy, 1),
      await longOutcome('mutating', ignore.mutating, 1),
      await longOutcome('webhook', ignore.webhook, 1),
    ],
  }).toEqual({
    fail: [{ denials: [{ message: late }], ...silent }, { error: late }, { error: late }, { problem: late }],
    ignore: [{ denials: [], ...silent }, { holds: false }, { holds: false }],
  });
});

test('a cluster that has no place left is asked to come again, whatever its policies do with failures, and another one has its own', async () => {
  const own = under('Ignore').webhook;
  const validated = {
    ...{ group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingAdmissionPolicy' },
    object: tasks.validations as never,
  };
  const crowd = Array.from({ length: 201 }, () => parser.validate('a')(validated));
  const other = longOutcome('webhook', own, judgingMs, 'b');
  await expect(longOutcome('webhook', own, judgingMs)).rejects.toMatchObject({ reason: 'TooManyRequests' });
  await Promise.all(crowd);
  expect(await other).toEqual(await longOutcome('webhook', own, judgingMs));
});

/** Takes some hundred milliseconds to compile, and none to evaluate. */
const lengthy = {
  metadata: { name: 'lengthy' },
  spec: {
    validations: Array.from({ length: 10 }, () => ({
      expression: `object.metadata.name == "m" || object.metadata.name in [${Array(10_000).fill('"a"').join()}]`,
    })),
  },
};

test('what takes long to compile is compiled in the thread, however often it is used', async () => {
  const request = admission(2);
  const data = dataOf({ admission: request, place, params: undefined, namespace: undefined });
  let [begun, asked] = [0, 0];
  const compiled = madeOnce(() => {
    begun++;
    return compilePolicy(lengthy);
  });
  const judgePolicy: JudgePolicy = (task, cluster, lane) => {
    asked++;
    return parser.judgePolicy(task, cluster, lane);
  };
  const evaluated = evaluationsFor({ judgePolicy }, request);
  for (const _ of [1, 2, 3])
    expect(
      await evaluated('validations', 'lengthy', lengthy, data, (bindings) => judge(compiled(), bindings)),
    ).toEqual({ denials: [], ...silent });
  expect([begun, asked]).toEqual([1, 3]);
  // Nobody else is there to ask.
  expect(
    await evaluationsFor({}, request)('validations', 'lengthy', lengthy, data, (bindings) =>
      judge(compiled(), bindings),
    ),
  ).toEqual({ denials: [], ...silent });
  expect(begun).toBe(2);
});

test.each([
  ['short', '', false],
  ['lengthy', ` || object.metadata.name in [${Array(10_000).fill('"a"').join()}]`, true],
])('the types of a %s policy are checked, where that takes long in the thread', async (_, more, isLong) => {
  const declared = { goType: 'ConfigMap' };
  const task: TypeCheck = {
    policy: {
      metadata: { name: 'p' },
      spec: { validations: [{ expression: `object.dat == 1${more}` }] },
    },
    subjects: [
      { group: '', version: 'v1', kind: 'ConfigMap', declared },
      {
        ...{ group: 'example.com', version: 'v1', kind: 'Own' },
        declared: { schema: { type: 'object', properties: { dat: { type: 'string' } } } },
      },
    ],
    params: undefined,
  };
  const found = parser.checkTypes(task, 'a');
  expect(isComing(found)).toBe(isLong);
  expect(await found).toEqual(warningsAbout(task));
  expect(await found).toEqual([
    { fieldRef: 'spec.validations[0].expression', warning: expect.stringContaining("undefined field 'dat'") },
  ]);
});
