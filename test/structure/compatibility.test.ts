import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compatibility, path } from '../../tools/matrix.ts';
import { commands, verdicts } from '../conformance/verdicts.ts';

test('docs/compatibility.md is what `npm run update` writes', () => {
  expect(readFileSync(path, 'utf8')).toBe(compatibility());
});

test('every verdict is on a recorded command and has a reason', () => {
  const names = new Set(commands.map(({ name }) => name));
  for (const [name, { notYet, differs }] of Object.entries(verdicts)) {
    expect(names).toContain(name);
    expect(notYet ?? differs).toBeTruthy();
  }
});
