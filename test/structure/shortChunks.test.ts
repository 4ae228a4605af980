import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { shortenChunks } from '../../tools/shortChunks.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-chunks-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('chunks of a bundle get short names, and find each other by them', () => {
  mkdirSync(join(folder, 'chunks'));
  const files = {
    'main.js':
      'import "./chunks/chunk-AAAAAAA1.js"; import("./chunks/cluster-info-AAAAAAA2.js"); say("x-AAAAAAA9.js")',
    'chunks/chunk-AAAAAAA1.js':
      'import "./chunk-AAAAAAA3.js"; import "./wait-AAAAAAA4.js"; import "./wait-AAAAAAA5.js"',
    'chunks/cluster-info-AAAAAAA2.js': 'import "../main.js"',
    'chunks/chunk-AAAAAAA3.js': '',
    'chunks/wait-AAAAAAA4.js': '4',
    'chunks/wait-AAAAAAA5.js': '5',
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  shortenChunks(folder);
  const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
  expect(readdirSync(join(folder, 'chunks')).sort()).toEqual([
    '0.js',
    '1.js',
    'cluster-info.js',
    'wait.js',
    'wait0.js',
  ]);
  expect(textOf('main.js')).toBe(
    'import "./chunks/0.js"; import("./chunks/cluster-info.js"); say("x-AAAAAAA9.js")',
  );
  expect(textOf('chunks/0.js')).toBe('import "./1.js"; import "./wait.js"; import "./wait0.js"');
  expect([textOf('chunks/wait.js'), textOf('chunks/wait0.js')]).toEqual(['4', '5']);
});
