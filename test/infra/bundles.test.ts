import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FunctionName, functionNames } from '../../src/aws/watched/index.ts';
import { bundleFunctions } from '../../tools/bundles.ts';
import { namedPlainly } from '../../tools/sdkSchemas.ts';

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

test('of a service whose calls a function makes, what other calls take and answer stays out', () => {
  const code = readFileSync(join(folders['reconcile-services'], 'index.mjs'), 'utf8');
  expect(code).toContain('CreateSecurityGroup');
  expect(code).not.toContain('VpnConnection');
});

test('only names that are constant strings of their module are written out', () => {
  const constants = ['const _a = "xmlName";', 'const f = () => 1;', 'let b = "b";'].join('\n');
  const shape = 'export var S$ = [0, { [_a]: _a, [f]: 1, [b]: 2, [_c]: 3 }, x[_a]];';
  expect(namedPlainly(`${constants}\n${shape}`)).toBe(
    `${constants}\nexport var S$ = [0, { "xmlName": _a, [f]: 1, [b]: 2, [_c]: 3 }, x[_a]];`,
  );
});

test('a function without an entry file is named', async () => {
  await expect(bundleFunctions(['nobody'], into)).rejects.toThrow('lambdas/nobody/index.ts is missing');
});
