import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Admission } from '../../shared/admission/plugin.ts';
import { evaluationsFor } from '../../shared/admission/policy/decide.ts';
import { evaluate } from '../../shared/admission/policy/elsewhere.ts';
import { dataOf } from '../../shared/admission/policy/request.ts';
import type { JudgePolicy, PolicyWork } from '../../shared/admission/policy/tasks.ts';
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
    const judgePolicy: JudgePolicy = (task, lane) => {
      count++;
      return parser.judgePolicy(task, lane);
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
