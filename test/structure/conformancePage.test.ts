import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { causesIn } from '../../tools/conformance-suite/causes.ts';
import { conformancePage, path, toldNow } from '../../tools/conformance-suite/page.ts';
import { type Place, places } from '../../tools/conformance-suite/places.ts';
import { type Results, sigOf } from '../../tools/conformance-suite/results.ts';

const told = toldNow();
const { at, beyond } = told;
const results = at.root;

test('docs/conformance.md is what `npm run update` writes', () => {
  expect(readFileSync(path, 'utf8')).toBe(conformancePage(told));
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

test.each(Object.keys(places) as Place[])(
  'each spec that does not pass has one cause, and no cause is of a spec that passes: %s',
  (place) => {
    const ran = [...at[place].specs, ...(place === 'root' ? beyond.specs : [])];
    const notPassed = ran.filter(({ outcome }) => outcome && outcome !== 'passed');
    const explained = causesIn(place).flatMap(({ specs }) => specs);
    expect(explained.sort()).toEqual(notPassed.map(({ name }) => name).sort());
  },
);

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
  const none = { suite: 'v1.35.4', specs: [] };
  const page = conformancePage({ at: { root: of, user: none, docker: none, podman: none }, beyond: none });
  expect(page).toContain('| apps | 2 | 1 | 1 | 0 | abc def | 2026-01-02 to 2026-01-03 |');
  expect(page).toContain('| cli | 1 | 0 | 0 | 1 |  |  |');
  expect(page).toContain("- `[sig-apps] b`: failed at def, `no 'x'`");
  expect(page).toMatch(/## Not run\n- `\[sig-cli\] c`/);
});

test('a page puts side by side how many passed in each place, and who was not run', () => {
  const ran = (outcome: 'passed' | 'failed') => ({
    suite: 'v1.35.4',
    specs: [{ name: '[sig-node] a', outcome, seconds: 1, commit: 'abc', date: '2026-01-02' }],
  });
  const notRun = { suite: 'v1.35.4', specs: [{ name: '[sig-node] a' }] };
  const page = conformancePage({
    at: { root: ran('passed'), user: ran('failed'), docker: notRun, podman: ran('passed') },
    beyond: { suite: 'v1.35.4', specs: [] },
  });
  expect(page).toContain('| node | 1 | 1 | 0 | 0 (1 not run) | 1 |');
});
