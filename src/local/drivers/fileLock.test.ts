import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import * as locks from 'fs-native-extensions';

/** Is what another process does after ours has opened the file and before it locks it. */
let between = () => {};
jest.unstable_mockModule('fs-native-extensions', () => ({
  tryLock: (...args: Parameters<typeof locks.tryLock>) => {
    between();
    return locks.tryLock(...args);
  },
}));
const { lockFile } = await import('./fileLock.ts');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => {
  between = () => {};
  rmSync(folder, { recursive: true, force: true });
});

test('who locks a file that its holder has removed meanwhile locks the one that is there', async () => {
  between = () => {
    between = () => {};
    rmSync(file);
  };
  const held = await lockFile(file);
  expect(await lockFile(file)).toBeUndefined();
  await held!.release();
});

test('a file that is removed can be locked anew', async () => {
  await (await lockFile(file))!.remove();
  const held = await lockFile(file);
  expect(await lockFile(file)).toBeUndefined();
  await held!.release();
});
