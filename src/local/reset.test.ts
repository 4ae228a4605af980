import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { needs } from '../../test/support/needs.ts';
import { unmountBelow } from './drivers/pods/index.ts';
import { resetDataFolder } from './reset.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'shallop-reset-')));
});
afterEach(() => {
  unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true });
});

test('a folder with nothing of a data folder is left as it is', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(resetDataFolder(folder)).rejects.toThrow('it was left as it is');
  expect(existsSync(join(folder, 'file'))).toBe(true);
});

const canMount = needs(
  !(process.platform === 'linux' && process.getuid?.() === 0) && 'only root of Linux mounts folders',
);

canMount.test('what a container that is still there has mounted is not deleted with the folder', async () => {
  const [data, others] = [join(folder, 'data'), join(folder, 'others')];
  const volume = join(data, 'engine/pods/uid/volumes/v/in');
  for (const each of [volume, others]) mkdirSync(each, { recursive: true });
  for (const file of [join(data, 'pki.json'), join(others, 'file')]) writeFileSync(file, '');
  execFileSync('mount', ['-n', '--bind', others, volume]);
  expect(await resetDataFolder(data)).toBe(true);
  expect([existsSync(data), existsSync(join(others, 'file'))]).toEqual([false, true]);
});
