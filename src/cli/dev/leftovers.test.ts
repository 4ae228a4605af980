import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('a folder that was never locked is removed when it is old: another one may be about to lock its own', () => {
  const place = mkdtempSync(join(tmpdir(), 'shallop-leftovers-'));
  const named = (name: string) => join(place, `shallop-dev-${name}`);
  const [old, fresh, notes, others] = [named('oldOne'), named('freshO'), named('notes'), named('others')];
  for (const folder of [old, fresh, notes, others]) mkdirSync(join(folder, 'programs'), { recursive: true });
  // Somebody's own, whatever they are called.
  writeFileSync(join(others, 'thesis.txt'), '');
  for (const folder of [old, notes, others]) utimesSync(folder, 0, 0);
  const module = JSON.stringify(new URL('leftovers.ts', import.meta.url).href);
  try {
    const said = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', `await (await import(${module})).removeLeftovers(console.log)`],
      { env: { ...process.env, TMPDIR: place }, encoding: 'utf8' },
    );
    expect(said).toBe(`removed what a killed 'shallop dev' had left: ${old}\n`);
    expect(
      readdirSync(place)
        .map((name) => join(place, name))
        .sort(),
    ).toEqual([fresh, notes, others]);
  } finally {
    rmSync(place, { recursive: true });
  }
});
