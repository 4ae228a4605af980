import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isWindows, needs, notLinux } from '../../../../test/support/needs.ts';
import { readRegular } from './regularFile.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'shallop-regular-')));
  await mkdir(join(folder, 'home'));
});
afterEach(() => rm(folder, { recursive: true }));

const read = (path: string) => readRegular(join(folder, path), 8, join(folder, 'home'));

test('the end of a file is read, and its whole size told', async () => {
  await writeFile(join(folder, 'home', 'long'), '0123456789');
  expect(await read('home/long')).toEqual({ text: '23456789', size: 10 });
});

needs(isWindows).test('nothing is read of a pipe, a folder, or through a link', async () => {
  await writeFile(join(folder, 'home', 'file'), 'x');
  await symlink('file', join(folder, 'home', 'link'));
  execFileSync('mkfifo', [join(folder, 'home', 'pipe')]);
  for (const path of ['pipe', '.', 'link', 'none']) expect(await read(`home/${path}`)).toBeUndefined();
});

needs(notLinux).test(
  'nothing is read where a folder on the way has become a link that leads out',
  async () => {
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'out', 'file'), 'x');
    await symlink('../out', join(folder, 'home', 'in'));
    expect(await read('home/in/file')).toBeUndefined();
  },
);
