import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { openRotating, type Rotation } from './rotating.ts';

let folder: string;
let clock: ManualClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-audit-'));
  clock = new ManualClock();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes lines of ten bytes, a second apart. */
async function written(count: number, rotation: Rotation): Promise<string[]> {
  const file = await openRotating(join(folder, 'audit.log'), rotation, clock);
  for (let i = 0; i < count; i++) {
    file.write(`line ${i % 10}   \n`);
    await clock.advance(1_000);
  }
  await file.close();
  return (await readdir(folder)).sort();
}
const text = (name: string) => readFile(join(folder, name), 'utf8');

describe('a log that rotates', () => {
  test('sets a full file aside under the time, and loses no line', async () => {
    const names = await written(5, { mostBytes: 20 });
    expect(names).toHaveLength(3);
    expect(names.slice(0, 2)).toEqual([
      expect.stringMatching(/^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/),
      expect.stringMatching(/^audit-/),
    ]);
    expect((await Promise.all(names.map(text))).join('').match(/\d/g)).toEqual(['0', '1', '2', '3', '4']);
  });

  test('keeps as many earlier files as it is told, the newest', async () => {
    const names = await written(9, { mostBytes: 10, mostFiles: 2 });
    expect(names).toHaveLength(3);
    expect((await Promise.all(names.map(text))).join('').match(/\d/g)).toEqual(['6', '7', '8']);
  });

  test('keeps earlier files for as long as it is told', async () => {
    const names = await written(6, { mostBytes: 10, mostAgeMs: 2_500 });
    expect(names.length).toBeLessThan(6);
    expect(names).toContain('audit.log');
  });

  test('goes on with a file that is there, and leaves those of others alone', async () => {
    await writeFile(join(folder, 'audit.log'), 'what was there\n');
    await writeFile(join(folder, 'audit-notes.log'), 'of somebody else');
    const names = await written(1, { mostBytes: 20, mostFiles: 0 });
    expect(names).toEqual(['audit-notes.log', 'audit.log']);
    expect(await text('audit.log')).toBe('line 0   \n');
  });
});
