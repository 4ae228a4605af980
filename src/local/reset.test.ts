import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { needs } from '../../test/support/needs.ts';
import { dataFolderOf } from './config.ts';
import { openDataFolder } from './datafolder/index.ts';
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

test.each(['storage', 'images.json', 'volumes', 'format'])(
  'a project that has a %s of its own is left as it is',
  async (name) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), 'theirs');
    writeFileSync(join(folder, 'main.c'), 'code');
    await expect(resetDataFolder(folder)).rejects.toThrow('it was left as it is');
    expect(readFileSync(join(folder, name, 'file'), 'utf8')).toBe('theirs');
  },
);

test.each(['storage', 'volumes', 'images'])(
  'no control plane takes a folder with another’s %s',
  async (name) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'photo'), 'theirs');
    await expect(openDataFolder(folder)).rejects.toThrow(`its ${name} would be mixed with shallop's`);
    expect(readdirSync(folder)).toEqual([name]);
  },
);

async function started(path: string): Promise<void> {
  await (await openDataFolder(path)).release();
  mkdirSync(join(path, 'storage'));
  writeFileSync(join(path, 'storage/data.mdb'), 'ours');
}

test('files of others in a data folder are left, and named', async () => {
  writeFileSync(join(folder, 'main.c'), 'code');
  await started(folder);
  writeFileSync(join(folder, 'notes.txt'), 'precious');
  expect((await resetDataFolder(folder))!.left.sort()).toEqual(['main.c', 'notes.txt']);
  expect(readdirSync(folder).sort()).toEqual(['main.c', 'notes.txt']);
});

test('of a folder that is reached by a link everything is deleted but the link, which leads on', async () => {
  const [real, link] = [join(folder, 'real'), join(folder, 'link')];
  mkdirSync(real);
  symlinkSync(real, link);
  await started(link);
  expect(await resetDataFolder(link)).toEqual({ left: [] });
  expect(readdirSync(real)).toEqual([]);
  await started(link);
});

test('a folder whose format cannot be read is deleted, as its refusal says', async () => {
  const data = join(folder, 'data');
  await started(data);
  writeFileSync(join(data, 'pki.json'), '{}');
  writeFileSync(join(data, 'format'), 'damaged');
  await expect(openDataFolder(data)).rejects.toThrow("start anew with 'shallop reset'");
  expect(await resetDataFolder(data)).toEqual({ left: [] });
  expect(existsSync(data)).toBe(false);
});

test('a folder without a name is not the usual one', () => {
  expect(() => dataFolderOf('', {}, '/')).toThrow('--data-dir must name a folder');
  expect(dataFolderOf(undefined, { SHALLOP_DATA_DIR: '', XDG_DATA_HOME: '/x' }, '/')).toBe('/x/shallop');
});

const canMount = needs(
  !(process.platform === 'linux' && process.getuid?.() === 0) && 'only root of Linux mounts folders',
);

canMount.test('what a container that is still there has mounted is not deleted with the folder', async () => {
  const [data, others] = [join(folder, 'data'), join(folder, 'others')];
  const volume = join(data, 'engine/pods/uid/volumes/v/in');
  await started(data);
  for (const each of [volume, others]) mkdirSync(each, { recursive: true });
  for (const file of [join(data, 'pki.json'), join(others, 'file')]) writeFileSync(file, '');
  execFileSync('mount', ['-n', '--bind', others, volume]);
  expect(await resetDataFolder(data)).toEqual({ left: [] });
  expect([existsSync(data), existsSync(join(others, 'file'))]).toEqual([false, true]);
});
