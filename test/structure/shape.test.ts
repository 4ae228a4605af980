import { expect, test } from '@jest/globals';
import { circlesIn, importGraph } from '../../tools/structure/importGraph.ts';
import { sources } from '../../tools/structure/sources.ts';

const files = sources('src');

/** Rooms whose files call one another as a grammar does; every other circle is a mistake. This list can only shrink. */
const recursive = [/^src\/shared\/cel\//, /^src\/shared\/kinds\/custom\/rules\//];

test('no files load one another in a circle', () => {
  const circles = circlesIn(importGraph(files).loaded);
  expect(
    circles.filter((circle) => !recursive.some((room) => circle.every((path) => room.test(path)))),
  ).toEqual([]);
});

const mostLines = 250;
const folders = ['src', 'infra', 'lambdas', 'bench', 'tools', 'examples', 'test'];
const generated = 'src/shared/kinds/schema/types.ts';
/** Beside the tests themselves, tables of cases: what both commands are asked, what a real server was, what each driver is. */
const cases = /^(tools\/differential\/cases|test\/contract)\/|-cases\.ts$/;

test(`no file has more than ${mostLines} lines, but generated ones and tables of cases`, () => {
  const tooLong = folders
    .flatMap((folder) => sources(folder))
    .filter(({ path }) => path !== generated && !cases.test(path))
    .map(({ path, text }) => [path, text.split('\n').length - 1] as const)
    .filter(([, count]) => count > mostLines);
  expect(tooLong).toEqual([]);
});
