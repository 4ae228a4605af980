import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('a folder that was never locked is removed when it is old: another one may be about to lock its own', () => {
  const place = mkdtempSync(join(tmpdir(), 'shallop-leftovers-'));
  const [old, fresh] = [join(place, 'shallop-dev-old'), join(place, 'shallop-dev-fresh')];
  for (const folder of [old, fresh]) mkdirSync(join(folder, 'programs'), { recursive: true });
  utimesSync(old, 0, 0);
  const module = JSON.stringify(new URL('leftovers.ts', import.meta.url).href);
  try {
    const said = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', `await (await import(${module})).removeLeftovers(console.log)`],
      { env: { ...process.env, TMPDIR: place }, encoding: 'utf8' },
    );
    expect(said).toBe(`removed what a killed 'shallop dev' had left: ${old}\n`);
    expect(readdirSync(place)).toEqual(['shallop-dev-fresh']);
  } finally {
    rmSync(place, { recursive: true });
  }
});
