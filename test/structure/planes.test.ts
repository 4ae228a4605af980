import { expect, test } from '@jest/globals';
import { importGraph, reachedFrom } from '../../tools/structure/importGraph.ts';
import { sources } from '../../tools/structure/sources.ts';

/**
 * What stands in src/shared although one plane alone uses it, or none, and why. The longest key that a path begins with
 * counts; each has to be needed.
 */
const exceptions: Record<string, string> = {
  'src/shared/admission/policy/elsewhere.ts':
    'a function on AWS serves one request at a time, and evaluates at once',
  'src/shared/clock/manualClock.ts': 'stands in for the clock in tests of every room',
  'src/shared/clock/seededIds.ts': 'stands in for randomness in tests of every room',
  'src/shared/events/rules.ts': 'on AWS the CDK app reads the rule file',
  'src/shared/events/targets.ts': 'the same',
  'src/shared/ports/outbox.ts': 'on AWS EventBridge keeps events',
  'src/shared/ports/eventReceivers.ts': 'on AWS EventBridge tells receivers',
  'src/shared/fake/': 'stands in for a cloud: in tests of every room, and in `shallop up --runtime fake`',
  'src/shared/storage/memory/': 'the model that drivers are compared with, and the storage of tests',
  'src/shared/storage/log/': 'the log of drivers that keep it in their own process',
  'src/shared/storage/decorators/noticed.ts':
    'where every write passes through one process, logical clusters rest until one comes',
  'src/shared/observability/jsonLogger.ts': 'lines of a process; functions have the logger that AWS knows',
  'src/shared/storage/decorators/measured.ts': 'any plane with a /metrics may have it',
  'src/shared/observability/prometheus.ts': 'any plane with a /metrics may have it',
  'src/shared/observability/tallies.ts': 'what it counts by',
  'src/shared/podspec/': "what any runtime with kubelet's rules needs",
  'src/shared/controllers/manager/': 'the two drivers of controllers: in one process, and by queues',
  'src/shared/auth/': 'ways of authenticating, of which each plane takes its own',
};
const exceptionOf = (path: string) =>
  Object.keys(exceptions)
    .filter((key) => path.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];

const files = [...sources('src'), ...sources('lambdas')];
const { all } = importGraph(files);
const from = (...starts: RegExp[]) =>
  reachedFrom(
    [...all.keys()].filter((path) => starts.some((start) => start.test(path))),
    all,
  );
const local = from(/^src\/local\//, /^src\/cli\/main/);
const aws = from(/^lambdas\//, /^src\/aws\//);

test('both planes reach what stands in src/shared', () => {
  const shared = [...all.keys()].filter((path) => path.startsWith('src/shared/'));
  const alone = shared.filter((path) => !(local.has(path) && aws.has(path)));
  expect(alone.filter((path) => !exceptionOf(path))).toEqual([]);
  const needed = new Set(alone.map(exceptionOf));
  expect(Object.keys(exceptions).filter((key) => !needed.has(key))).toEqual([]);
});
