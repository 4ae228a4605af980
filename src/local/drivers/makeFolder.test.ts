import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { needs, notLinux } from '../../../test/support/needs.ts';
import { makeFolder } from './makeFolder.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'make-folder-'));
});
afterAll(() => rm(home, { recursive: true }));

test('it makes what is missing, each with its mode, and says where it began', async () => {
  expect(await makeFolder(join(home, 'a', 'b', 'c'), 0o700)).toBe(join(home, 'a'));
  for (const path of ['a', 'a/b', 'a/b/c']) expect((await stat(join(home, path))).mode & 0o777).toBe(0o700);
  expect(await makeFolder(join(home, 'a', 'b'))).toBeUndefined();
  expect(await makeFolder(join(home, 'a', 'd'))).toBe(join(home, 'a', 'd'));
});

test('many who make the same folder all have it', async () => {
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(join(home, 'x', 'y', 'z'))));
  expect((await stat(join(home, 'x', 'y', 'z'))).isDirectory()).toBe(true);
});

test('a file, or a link that leads nowhere, is in the way', async () => {
  await writeFile(join(home, 'file'), '');
  await symlink('nowhere', join(home, 'link'));
  await expect(makeFolder(join(home, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(home, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeFolder(join(home, 'link'))).rejects.toMatchObject({ code: 'EEXIST' });
});

// Linux has a file system that takes no new folder and says of each that it is not there.
needs(notLinux).test('a folder that cannot be made is refused at once', async () => {
  await expect(makeFolder('/proc/nope')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(makeFolder('/proc/nope/below')).rejects.toMatchObject({ code: 'ENOENT' });
});
