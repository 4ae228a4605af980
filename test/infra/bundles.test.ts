import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FunctionName, functionNames } from '../../src/aws/watched/index.ts';
import { bundleFunctions } from '../../tools/bundles.ts';

/** What a start has to load. A good part of it is the API: schema facts, the tables of Unicode that regular expressions need, expressions. */
const mostGzipped = 800 * 1024;

let into: string;
let folders: Record<FunctionName, string>;
beforeAll(async () => {
  into = mkdtempSync(join(tmpdir(), 'shallop-bundles-'));
  folders = await bundleFunctions(functionNames, into);
});
afterAll(() => rmSync(into, { recursive: true, force: true }));

test.each(functionNames)('the bundle of %s is small and has nothing of the other composition', (name) => {
  const code = readFileSync(join(folders[name], 'index.mjs'));
  expect(gzipSync(code).length).toBeLessThan(mostGzipped);
  const { sources } = JSON.parse(readFileSync(join(folders[name], 'index.mjs.map'), 'utf8'));
  const packages = (sources as string[]).filter((source) => /node_modules\/(lmdb|@peculiar)\b/.test(source));
  expect(packages).toEqual([]);
});

test('a function without an entry file is named', async () => {
  await expect(bundleFunctions(['nobody'], into)).rejects.toThrow('lambdas/nobody/index.ts is missing');
});
