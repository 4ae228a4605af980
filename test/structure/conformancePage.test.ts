import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { causes } from '../../tools/conformance-suite/causes.ts';
import { conformancePage, path } from '../../tools/conformance-suite/page.ts';
import { beyondPath, type Results, readResults, sigOf } from '../../tools/conformance-suite/results.ts';

const results = readResults();
const beyond = readResults(beyondPath);
const notPassed = [...results.specs, ...beyond.specs]
  .filter(({ outcome }) => outcome && outcome !== 'passed')
  .map(({ name }) => name);

test('docs/conformance.md is what `npm run update` writes', () => {
  expect(readFileSync(path, 'utf8')).toBe(conformancePage(results, beyond));
});

test('the results name each of the 441 specs once, and each that ran says at which commit and when', () => {
  expect(new Set(results.specs.map(({ name }) => name)).size).toBe(441);
  expect(results.specs).toHaveLength(441);
  expect(results.specs.filter((spec) => !sigOf(spec))).toEqual([]);
  const ran = results.specs.filter(({ outcome }) => outcome);
  expect(ran.filter(({ commit, date, seconds }) => !commit || !date || seconds === undefined)).toEqual([]);
});

test('of the specs beyond conformance stands what ran, each once', () => {
  expect(new Set(beyond.specs.map(({ name }) => name)).size).toBe(beyond.specs.length);
  expect(beyond.specs.filter(({ name, outcome }) => !outcome || name.includes('[Conformance]'))).toEqual([]);
});

test('each spec that does not pass has one cause, and no cause is of a spec that passes', () => {
  expect(causes.flatMap(({ specs }) => specs).sort()).toEqual(notPassed.sort());
});

test('a page says of specs without a result that they were not run', () => {
  const of = {
    suite: 'v1.35.4',
    specs: [
      { name: '[sig-apps] a', outcome: 'passed', seconds: 1, commit: 'abc', date: '2026-01-02' },
      {
        name: '[sig-apps] b',
        outcome: 'failed',
        seconds: 1,
        failure: 'no `x`',
        commit: 'def',
        date: '2026-01-03',
      },
      { name: '[sig-cli] c' },
    ],
  } satisfies Results;
  const page = conformancePage(of, { suite: 'v1.35.4', specs: [] });
  expect(page).toContain('| apps | 2 | 1 | 1 | 0 | abc def | 2026-01-02 to 2026-01-03 |');
  expect(page).toContain('| cli | 1 | 0 | 0 | 1 |  |  |');
  expect(page).toContain("- `[sig-apps] b`: failed at def, `no 'x'`");
  expect(page).toMatch(/## Not run\n- `\[sig-cli\] c`/);
});
