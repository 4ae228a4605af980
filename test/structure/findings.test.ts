import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root, sources } from '../../tools/structure/sources.ts';

const numbers = (letter: string, ...ns: number[]) => ns.map((n) => `${letter}${n}`);
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
/** Each of these was a defect, and has a test that bears its number. */
const wanted = [
  ...numbers('A', ...upTo(10)),
  ...numbers('B', ...upTo(20)),
  ...numbers('C', ...upTo(10)),
  ...numbers('D', ...upTo(15)),
];

interface Row {
  number: string;
  /** Paths of the tests that the page names. */
  tests: string[];
}

const page = readFileSync(join(root, 'docs/findings.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([A-D]\d+) \| [^|]* \| ([^|]*) \|/gm)].map(
  ([, number = '', cell = '']): Row => ({
    number,
    tests: [...cell.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path!),
  }),
);

/** Whether a title of a test, or of a group or a case of tests, begins with the number. */
const bears = (text: string, number: string) => new RegExp(`['"\`]${number}(?:[:,]| and )`).test(text);

test('each finding has a line in docs/findings.md, and each line its tests', () => {
  expect(wanted.filter((number) => !rows.some((row) => row.number === number))).toEqual([]);
  expect(rows.filter(({ tests }) => !tests.length)).toEqual([]);
});

test('the tests that docs/findings.md names bear the number in a title', () => {
  const wrong = rows.flatMap(({ number, tests }) =>
    tests
      .filter(
        (path) => !existsSync(join(root, path)) || !bears(readFileSync(join(root, path), 'utf8'), number),
      )
      .map((path) => `${number}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('no title bears a number that is none of a finding', () => {
  const known = new Set(wanted);
  const unknown = ['src', 'test', 'infra']
    .flatMap((folder) => sources(folder, { tests: true }))
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\b(?:test|describe)(?:\.each\([^`]*?\))?\(\s*['"`]([A-D]\d+):/g)]
        .filter(([, number]) => !known.has(number!))
        .map(([, number]) => `${path}: ${number}`),
    );
  expect(unknown).toEqual([]);
});
