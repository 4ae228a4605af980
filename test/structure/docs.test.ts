import { expect, test } from '@jest/globals';
import { deadLinks } from '../../tools/docs/deadLinks.ts';
import { contents, navigation, pages, wantedPages } from '../../tools/docs/pages.ts';

test('no page of the documentation has a dead link', () => {
  expect(pages().flatMap(deadLinks)).toEqual([]);
});

test(`every page of docs/ is in the navigation, which is ${contents}`, () => {
  const named = navigation().flatMap(({ entries }) => entries.map(({ file }) => file));
  expect(wantedPages().filter((file) => file !== contents && !named.includes(file))).toEqual([]);
});

test('a link to a file or to a heading that is not there is found', () => {
  const text = 'a [file](none.md), a [part](aws.md#none), its [own](#none), a [source](../src/none.ts)\n';
  expect(deadLinks({ file: 'docs/cli.md', text })).toEqual([
    'docs/cli.md: none.md: there is no docs/none.md',
    'docs/cli.md: aws.md#none: no heading has this name',
    'docs/cli.md: #none: no heading has this name',
    'docs/cli.md: ../src/none.ts: there is no src/none.ts',
  ]);
});
