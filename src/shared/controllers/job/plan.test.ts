import { describe, expect, test } from '@jest/globals';
import { formatTime } from '../../clock/clock.ts';
import type { Job, JobSpec, Pod, PodStatus } from '../../kinds/schema/types.ts';
import { failureCountAnnotation, indexAnnotation, trackingFinalizer } from './facts.ts';
import { formatIntervals, missingIndexes, parseIntervals } from './intervals.ts';
import { plan } from './plan.ts';

const now = Date.parse('2026-01-01T00:10:00Z');
const ago = (seconds: number) => formatTime(now - seconds * 1000);
const container = { name: 'c', image: 'i' };

const jobOf = (spec: Partial<JobSpec> = {}, status?: Job['status']): Job => ({
  metadata: { name: 'j', namespace: 'ns', uid: 'job' },
  spec: {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    podReplacementPolicy: 'TerminatingOrFailed',
    template: { metadata: { labels: { a: 'b' } }, spec: { restartPolicy: 'Never', containers: [container] } },
    ...spec,
  },
  ...(status && { status }),
});
const podOf = (uid: string, status: PodStatus, metadata: Pod['metadata'] = {}): Pod => ({
  metadata: { name: uid, namespace: 'ns', uid, finalizers: [trackingFinalizer], ...metadata },
  status,
});
const running: PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const ended = (exitCode: number, secondsAgo = 0): PodStatus => ({
  phase: exitCode === 0 ? 'Succeeded' : 'Failed',
  containerStatuses: [
    {
      name: 'c',
      ready: false,
      restartCount: 0,
      image: 'i',
      imageID: '',
      state: { terminated: { exitCode, finishedAt: ago(secondsAgo) } },
    },
  ],
});
const step = (job: Job, pods: Pod[] = []) => plan({ job, pods, epoch: 0, now });
const typesOf = ({ conditions = [] }: Job['status'] & object) => conditions.map(({ type }) => type);

describe('how many Pods run', () => {
  test.each([
    { spec: { parallelism: 3, completions: 5 }, makes: 3, why: 'as many as may run at a time' },
    { spec: { parallelism: 3, completions: 2 }, makes: 2, why: 'no more than have to complete' },
    { spec: { parallelism: 2, completions: undefined }, makes: 2, why: 'a work queue' },
    { spec: { parallelism: 0, completions: 2 }, makes: 0, why: 'none may run' },
    { spec: { suspend: true }, makes: 0, why: 'it is suspended' },
  ])('$makes: $why', ({ spec, makes }) => {
    expect(step(jobOf(spec as Partial<JobSpec>)).create).toHaveLength(makes);
  });

  test('after the first success of a work queue no more are made', () => {
    const todo = step(jobOf({ parallelism: 3, completions: undefined }), [
      podOf('a', ended(0)),
      podOf('b', running),
    ]);
    expect(todo.create).toEqual([]);
    expect(typesOf(todo.after)).toEqual([]);
  });
});

test('a failure is followed by a new Pod after 10, 20, 40 … seconds', () => {
  const after = (secondsAgo: number[]) => {
    const pods = secondsAgo.map((s, i) => podOf(`p${i}`, ended(1, s)));
    const { create, requeueAfterMs } = step(jobOf(), pods);
    return create.length > 0 ? 'now' : requeueAfterMs;
  };
  expect(after([4])).toBe(6000);
  expect(after([11])).toBe('now');
  expect(after([30, 4])).toBe(16_000);
  expect(after([90, 60, 4])).toBe(36_000);
});

test.each([
  { spec: { backoffLimit: 0 }, pod: ended(1), reason: 'BackoffLimitExceeded' },
  {
    spec: {
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [7] } }] },
    },
    pod: ended(7),
    reason: 'PodFailurePolicy',
  },
])('a Job fails for good: $reason', ({ spec, pod, reason }) => {
  const todo = step(jobOf(spec as Partial<JobSpec>), [podOf('a', pod)]);
  expect(todo.before.uncountedTerminatedPods).toEqual({ failed: ['a'] });
  expect(typesOf(todo.before)).toEqual(['FailureTarget']);
  expect(todo.after).toMatchObject({ failed: 1, conditions: [{ reason }, { type: 'Failed', reason }] });
  expect(todo.events).toMatchObject([{ type: 'Warning', reason }]);
});

test('past its deadline the Pods are stopped, and it has failed only when they are gone', () => {
  const job = jobOf({ activeDeadlineSeconds: 60 }, { startTime: ago(61) });
  const todo = step(job, [podOf('a', running)]);
  expect(todo.stop).toHaveLength(1);
  expect(todo.after).toMatchObject({ failed: 1, terminating: 1, conditions: [{ type: 'FailureTarget' }] });
  const later = step({ ...job, status: todo.after });
  expect(typesOf(later.after)).toEqual(['FailureTarget', 'Failed']);
});

test('B9: a deadline that no number holds is as far as a time can be', () => {
  const activeDeadlineSeconds = (2n ** 62n) as unknown as number;
  const todo = step(jobOf({ activeDeadlineSeconds }, { startTime: ago(61) }), [podOf('a', running)]);
  expect(todo).toMatchObject({ stop: [], requeueAfterMs: 9_223_371_975_000 });
});

test('failures that a policy ignores do not count, and are followed by a new Pod', () => {
  const policy = { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [3] } }] };
  const job = jobOf({ backoffLimit: 0, podFailurePolicy: policy } as Partial<JobSpec>);
  const todo = step(job, [podOf('a', ended(3, 20))]);
  expect([todo.create.length, todo.after.failed]).toEqual([1, undefined]);
});

test('with the policy Failed, a Pod that is ending is not replaced before it has', () => {
  const ending = podOf('a', running, { deletionTimestamp: ago(1) });
  expect(step(jobOf({ podReplacementPolicy: 'Failed' }), [ending]).create).toEqual([]);
  expect(step(jobOf(), [ending]).after.failed).toBe(1);
});

test('a suspended Job lets its Pods go uncounted and says so once; resumed, its deadline counts anew', () => {
  const job = jobOf({ suspend: true }, { startTime: ago(100), active: 1 });
  const todo = step(job, [podOf('a', running)]);
  expect(todo.drop).toHaveLength(1);
  expect(todo.after).toMatchObject({ conditions: [{ type: 'Suspended', status: 'True' }] });
  expect(todo.after.failed).toBeUndefined();
  const quiet = step({ ...job, status: todo.after });
  expect(quiet.events).toEqual([]);
  const resumed = step(jobOf({ suspend: false }, todo.after));
  expect(resumed.events).toMatchObject([{ reason: 'Resumed' }]);
  expect(resumed.after.startTime).toBe(ago(0));
});

describe('an Indexed Job', () => {
  const indexed = (spec: Partial<JobSpec> = {}, status?: Job['status']) =>
    jobOf({ completionMode: 'Indexed', completions: 4, parallelism: 4, ...spec }, status);
  const at = (index: number, status: PodStatus, failures?: string) =>
    podOf(`p${index}`, status, {
      annotations: {
        [indexAnnotation]: String(index),
        ...(failures !== undefined && { [failureCountAnnotation]: failures }),
      },
    });

  test('makes the lowest indexes that are not done, each with its name, host, label and variable', () => {
    const todo = step(indexed({ parallelism: 3 }), [at(0, ended(0)), at(2, running)]);
    expect(todo.create).toMatchObject([
      {
        metadata: {
          name: expect.stringMatching(/^j-1-\w{5}$/),
          labels: { a: 'b', [indexAnnotation]: '1' },
          annotations: { [indexAnnotation]: '1' },
          finalizers: [trackingFinalizer],
        },
        spec: {
          hostname: 'j-1',
          containers: [
            {
              env: [
                {
                  name: 'JOB_COMPLETION_INDEX',
                  valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } },
                },
              ],
            },
          ],
        },
      },
      { spec: { hostname: 'j-3' } },
    ]);
    expect(todo.after).toMatchObject({ succeeded: 1, completedIndexes: '0' });
  });

  test('that is made smaller removes the Pods beyond it', () => {
    const todo = step(indexed({ completions: 2, parallelism: 2 }), [
      at(0, running),
      at(1, running),
      at(3, running),
    ]);
    expect(todo.drop.map(({ metadata }) => metadata.name)).toEqual(['p3']);
  });

  test('keeps a failed Pod until the next of its index says how often it failed', () => {
    const job = indexed({ backoffLimitPerIndex: 2, completions: 1, parallelism: 1 });
    const waiting = step(job, [at(0, ended(1, 5), '0')]);
    expect([waiting.create.length, waiting.release.length, waiting.requeueAfterMs]).toEqual([0, 0, 5000]);
    const [next] = step(job, [at(0, ended(1, 30), '1')]).create;
    expect(next?.metadata.annotations?.[failureCountAnnotation]).toBe('2');
  });

  test('fails when too many of its indexes have', () => {
    const job = indexed({ backoffLimitPerIndex: 0, maxFailedIndexes: 0 });
    const todo = step(job, [at(0, running), at(1, ended(1), '0')]);
    expect(todo.after).toMatchObject({
      failedIndexes: '1',
      conditions: [{ reason: 'MaxFailedIndexesExceeded' }],
    });
    expect(todo.stop).toHaveLength(1);
  });

  test.each([
    { rule: { succeededIndexes: '0' }, met: true },
    { rule: { succeededIndexes: '0-1' }, met: false },
    { rule: { succeededIndexes: '0-1', succeededCount: 1 }, met: true },
    { rule: { succeededCount: 2 }, met: false },
  ])('with the success policy $rule is done after index 0: $met', ({ rule, met }) => {
    const todo = step(indexed({ successPolicy: { rules: [rule] } }), [at(0, ended(0)), at(1, running)]);
    expect(typesOf(todo.after)).toEqual(met ? ['SuccessCriteriaMet'] : []);
    expect(todo.stop).toHaveLength(met ? 1 : 0);
  });
});

test.each(['', '0', '0,1', '0-2,4', '3-9'])('intervals are read and written alike: %s', (text) => {
  expect(formatIntervals(parseIntervals(text, 10))).toBe(text);
});

test('missing indexes are the lowest that are free', () => {
  expect(missingIndexes(parseIntervals('0-1,3', 10), 3, 6)).toEqual([2, 4, 5]);
});
