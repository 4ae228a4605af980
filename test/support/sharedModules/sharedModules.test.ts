import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

interface Result {
  failureMessage: string | null;
  testExecError?: { stack: string };
  testResults: { fullName: string; status: string }[];
}

const suites = {
  shared: 'export const seen = [];',
  first: `
    import { needs } from '${pathToFileURL(join(import.meta.dirname, '../needs.ts'))}';
    import { seen } from './shared.ts';
    beforeEach(() => { seen.push('the hook of the first'); });
    describe('a group', () => {
      test('passes', () => { expect(1 as number).toBe(1); });
      test('fails', () => { expect({ a: 1 }).toEqual({ a: 2 }); });
      test('hangs', () => new Promise(() => {}), 20);
      needs('it is missing').test('waits', () => {});
      test.each([1, 2])('of %d', (n) => { expect(n).toBe(1); });
      test('misses an assertion', () => { expect.assertions(1); });
    });`,
  second: `
    import { seen } from './shared.ts';
    test('has modules of the first, and no hook of it', () => {
      expect(seen).toEqual(Array(6).fill('the hook of the first'));
    });`,
  lonely: "test('passes', () => { void Promise.reject(new Error('nobody waits for it')); });",
  late: `
    test('passes', async () => {
      const rejected = Promise.reject(new Error('handled after all'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      await expect(rejected).rejects.toThrow('after all');
    });`,
  last: "test('passes', () => {});",
  thrown: `
    test('waits', () => new Promise((resolve) => {
      setTimeout(() => { setTimeout(resolve, 1); throw new Error('out of a timer'); });
    }));`,
  hooks: "afterAll(() => { throw new Error('after all of them'); }); test('passes', () => {});",
  only: "test['only']('this', () => { process.env.LEFT = 'behind'; }); test('not this', () => {});",
  heir: "test('inherits nothing', () => { expect(process.env.LEFT).toBe(undefined); });",
};
type Name = keyof typeof suites;

const script = `
  const runSuite = require(process.argv[1]);
  const [, , folder, testNamePattern, ...names] = process.argv;
  const config = { rootDir: folder, testMatch: [] };
  const runAll = async () => {
    for (const name of names) {
      const path = folder + '/' + name + '.ts';
      const result = await runSuite({ testNamePattern, testTimeout: 1000 }, config, {}, {}, path);
      console.log(JSON.stringify(result));
    }
  };
  runAll().then(() => process.exit());`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-suites-'));
  const globals = "import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';\n";
  for (const [name, source] of Object.entries(suites))
    writeFileSync(join(folder, `${name}.ts`), globals + source);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The results of suites that one process runs one after the other. */
function resultsOf(names: Name[], pattern = ''): Result[] {
  const runner = join(import.meta.dirname, 'index.cjs');
  const printed = execFileSync(process.execPath, ['-e', script, runner, folder, pattern, ...names]);
  return `${printed}`
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
const statuses = (result?: Result) =>
  Object.fromEntries(result?.testResults.map(({ fullName, status }) => [fullName, status]) ?? []);

describe('suites that share modules', () => {
  test('are told test by test', () => {
    const [first, second] = resultsOf(['first', 'second']);
    expect(statuses(first)).toEqual({
      'a group passes': 'passed',
      'a group fails': 'failed',
      'a group hangs': 'failed',
      'a group waits [skipped: it is missing]': 'pending',
      'a group of 1': 'passed',
      'a group of 2': 'failed',
      'a group misses an assertion': 'failed',
    });
    expect(first?.failureMessage).toContain('Exceeded timeout of 20 ms');
    expect(Object.values(statuses(second))).toEqual(['passed']);
  });

  test('run only tests of the names that are asked for', () => {
    const [first] = resultsOf(['first'], 'of 1');
    const run = first?.testResults.filter(({ status }) => status !== 'pending');
    expect(run?.map(({ fullName }) => fullName)).toEqual(['a group of 1']);
  });

  test('fail by an error that nobody waits for, in their own turn only', () => {
    const results = resultsOf(['lonely', 'late', 'last']);
    const told = results.map(({ testExecError }) => testExecError?.stack ?? 'nothing');
    expect(told).toEqual([expect.stringContaining('nobody waits for it'), 'nothing', 'nothing']);
  });

  test('fail by an exception out of a timer, and by a hook after them', () => {
    const told = resultsOf(['thrown', 'hooks']).map(({ failureMessage }) => failureMessage);
    expect(told).toEqual([
      expect.stringContaining('out of a timer'),
      expect.stringContaining('after all of them'),
    ]);
  });

  test('run only what says so, and leave the environment as it was', () => {
    const [only, heir] = resultsOf(['only', 'heir']);
    expect(statuses(only)).toEqual({ this: 'passed', 'not this': 'pending' });
    expect(statuses(heir)).toEqual({ 'inherits nothing': 'passed' });
  });
});
