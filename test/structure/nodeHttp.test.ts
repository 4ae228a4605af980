import { expect, test } from '@jest/globals';
import { sources } from '../../tools/structure/sources.ts';

test("nothing that starts on people's machines imports values of node:http, which loads undici beside it", () => {
  const imports = /^import (?!type )[^;]*? from 'node:http';/m;
  const found = ['src/cli', 'src/local', 'src/shared'].flatMap((folder) =>
    sources(folder).filter(({ text }) => imports.test(text)),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});
