import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { commands, verdicts } from '../../tools/conformance/verdicts.ts';
import { compatibility, path } from '../../tools/matrix.ts';

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
