import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { path, structurePage } from '../../tools/structure/draw.ts';
import { root } from '../../tools/structure/sources.ts';

test('docs/structure.md is what `npm run update` writes', () => {
  expect(readFileSync(path, 'utf8')).toBe(structurePage());
});

test.each([
  'docs/structure.md',
  'docs/flow.md',
  'docs/before-and-after.md',
  'docs/findings.md',
  'CONTRIBUTING.md',
])('what %s links to exists', (page) => {
  const links = readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g);
  const missing = [...links]
    .map(([, link]) => link!)
    .filter((link) => !existsSync(join(root, dirname(page), link)));
  expect(missing).toEqual([]);
});
