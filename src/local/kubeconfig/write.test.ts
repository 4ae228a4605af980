import { lstat, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rewrite } from './write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('changes at the same time are all kept, and nothing is left beside the file', async () => {
  const file = join(folder, 'config');
  const lines = Array.from({ length: 12 }, (_, n) => `line ${n}`);
  await Promise.all(lines.map((line) => rewrite(file, (text) => `${text}${line}\n`)));
  expect((await readFile(file, 'utf8')).trim().split('\n').sort()).toEqual(lines.sort());
  expect(await readdir(folder)).toEqual(['config']);
  expect((await lstat(file)).mode & 0o777).toBe(0o600);
});

test('a symbolic link stays one; its target is changed', async () => {
  const target = join(folder, 'target');
  await writeFile(target, 'a');
  await symlink(target, join(folder, 'config'));
  await rewrite(join(folder, 'config'), (text) => `${text}b`);
  expect((await lstat(join(folder, 'config'))).isSymbolicLink()).toBe(true);
  expect(await readFile(target, 'utf8')).toBe('ab');
});

test('a lock that a killed program left is broken', async () => {
  const file = join(folder, 'config');
  await writeFile(`${file}.lock`, '');
  await utimes(`${file}.lock`, 1, 1);
  await rewrite(file, () => 'x');
  expect(await readFile(file, 'utf8')).toBe('x');
});

test('an error in the change leaves the file and frees the lock', async () => {
  const file = join(folder, 'config');
  await writeFile(file, 'a');
  const broken = () => {
    throw new Error('no');
  };
  await expect(rewrite(file, broken)).rejects.toThrow('no');
  expect(await readFile(file, 'utf8')).toBe('a');
  expect(await readdir(folder)).toEqual(['config']);
});
