import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Counted, taskMetadata } from '../../../test/support/aws/fakeTaskMetadata.ts';
import { isReason } from '../../shared/errors/apiError.ts';
import { usagesTold } from './told.ts';

const now = Date.UTC(2026, 10, 30, 12);
const started = now - 600_000;
const names = new Set(['web', 'side']);
const used = { at: now - 2_000, cpuNanoseconds: 30e9, memoryBytes: 64 * 2 ** 20 };
const web: Counted = { name: 'web', startedAt: started, used };
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const told = (value: unknown) => usagesTold(bytes(value), names, now);

test.each([1, 2] as const)(
  'counters of control groups of version %d become what the port tells',
  (version) => {
    const keeper = { ...web, name: 'shallop-tokens' };
    const ended = { ...web, name: 'side', status: 'STOPPED' };
    expect(told(taskMetadata([keeper, web, ended], version))).toEqual([
      {
        ...{ name: 'web', at: now - 2_000, since: started, cpuNanoseconds: 30e9 },
        memoryBytes: 64 * 2 ** 20,
      },
    ]);
  },
);

test('what Docker read before stands beside it, unless it is of an earlier run', () => {
  const reading = (at: number, cpuNanoseconds: number) => ({ at, cpuNanoseconds });
  const beforeIn = (before: ReturnType<typeof reading>) =>
    told(taskMetadata([{ ...web, used: { ...used, before } }]))[0]?.before;
  expect(beforeIn(reading(now - 12_000, 29e9))).toEqual(reading(now - 12_000, 29e9));
  expect(beforeIn(reading(started - 1, 29e9))).toBeUndefined();
  expect(beforeIn(reading(now - 12_000, 31e9))).toBeUndefined();
});

test('nothing is told of a Pod while one of its containers is not counted, or was just started again', () => {
  const side: Counted = { name: 'side', startedAt: started };
  expect(told(taskMetadata([web, side]))).toEqual([]);
  expect(told(taskMetadata([web, { ...web, name: 'side', startedAt: now - 1_000 }]))).toEqual([]);
  expect(told(taskMetadata([]))).toEqual([]);
});

const changed = (change: (stats: Record<string, Record<string, unknown>>) => void) => {
  const both = taskMetadata([web]);
  change(Object.values(both.stats)[0]);
  return both;
};
test.each<[string, unknown, string]>([
  ['no JSON', '{"task":{', 'it is no JSON'],
  ['nothing', '', 'it is no JSON'],
  ['no object', '17', 'task.Containers is no list'],
  ['no containers', { task: {}, stats: {} }, 'task.Containers is no list'],
  ['the same container twice', taskMetadata([web, web]), 'container "web" is told of twice'],
  [
    'time that ran backwards',
    changed(({ cpu_stats }) => Object.assign(cpu_stats!, { cpu_usage: { total_usage: -1 } })),
    'container "web": cpu_usage.total_usage is no number from 0 to',
  ],
  [
    'more than the largest task could have used',
    changed(({ cpu_stats }) => Object.assign(cpu_stats!, { cpu_usage: { total_usage: 1e300 } })),
    'container "web": cpu_usage.total_usage is no number from 0 to',
  ],
  [
    'a text for a number',
    changed(({ cpu_stats }) => Object.assign(cpu_stats!, { cpu_usage: { total_usage: '5' } })),
    'container "web": cpu_usage.total_usage is no number from 0 to',
  ],
  [
    'more memory than there is',
    changed(({ memory_stats }) => Object.assign(memory_stats!, { usage: 1e15 })),
    'container "web": memory_stats.usage is no number from 0 to',
  ],
  [
    'files beyond all memory',
    changed(({ memory_stats }) => Object.assign(memory_stats!, { stats: { inactive_file: -(2 ** 60) } })),
    'container "web": inactive_file is no number from 0 to',
  ],
  ...['2026-11-30T13:00:00Z', '2026-11-30T11:00:00Z', 'soon', 7, null].map(
    (read): [string, unknown, string] => [
      `a time that is not now (${read})`,
      changed((stats) => Object.assign(stats, { read })),
      'container "web": read is no time of the last five minutes',
    ],
  ),
])('is refused: %s', (_, value, message) => {
  let error: unknown;
  try {
    told(value);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ reason: 'BadRequest', message: expect.stringContaining(message) });
});

test('whatever stands where a value should be, it is refused or leads to numbers within bounds', () => {
  const paths = ['read', 'preread', 'cpu_stats', 'precpu_stats', 'memory_stats'];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), fc.jsonValue(), (path, value, container) => {
      const both = changed((stats) => Object.assign(stats, { [path]: value }));
      (both.task as { Containers: unknown[] }).Containers.push(container);
      try {
        for (const usage of told(both)) {
          expect(usage.cpuNanoseconds).toBeLessThan(1e18);
          expect(usage.memoryBytes).toBeGreaterThanOrEqual(0);
        }
      } catch (error) {
        if (!isReason(error, 'BadRequest')) throw error;
      }
    }),
  );
});
