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
import { until } from '../../test/support/until.ts';
import { dataFolderOf } from './config.ts';
import { type DataFolder, openDataFolder } from './datafolder/index.ts';
import { unmountBelow } from './drivers/pods/index.ts';
import { addImage, imagesIn, removeImage } from './images.ts';
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

test.each([
  ['port', 'port.c'],
  ['up.log', 'monday.log'],
  ['lock', 'smith.txt'],
])('no control plane takes a folder with another’s folder %s', async (name, inside) => {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, inside), 'theirs');
  await expect(openDataFolder(folder)).rejects.toThrow(`its ${name} would be mixed with shallop's`);
  expect(readdirSync(folder)).toEqual([name]);
  await expect(resetDataFolder(folder)).rejects.toThrow('it was left as it is');
  expect(readFileSync(join(folder, name, inside), 'utf8')).toBe('theirs');
});

test.each([
  ['images.json', '["theirs"]'],
  ['images.json', '{ "logo": "logo.png" }'],
  ['port', '8080\n'],
  ['format', 'pdf'],
  ['lock', '4711'],
  ['storage', 'a list of disks'],
  ['pki.json', '{ "name": "pki" }'],
  ['instance.json', '{ "name": "db-1" }'],
  ['encryption.key', '-----BEGIN PRIVATE KEY-----'],
])('no control plane takes a folder with another’s file %s, nor is it reset', async (name, text) => {
  writeFileSync(join(folder, name), text);
  await expect(openDataFolder(folder)).rejects.toThrow(`its ${name} would be mixed with shallop's`);
  await expect(resetDataFolder(folder)).rejects.toThrow('it was left as it is');
  expect(readdirSync(folder)).toEqual([name]);
  expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
});

test('the output of a start may go into its folder, after that of one that failed too', async () => {
  writeFileSync(join(folder, 'up.log'), 'error: no such option\n');
  await (await openDataFolder(folder)).release();
});

test('a key may be there before the first start', async () => {
  writeFileSync(join(folder, 'encryption.key'), `# of Monday\n${Buffer.alloc(32).toString('base64')}\n`);
  await (await openDataFolder(folder)).release();
});

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

test('backups in a data folder, and folders with names of files, are left', async () => {
  const data = join(folder, 'data');
  await started(data);
  const theirs = ['encryption.key.1', 'format.1', 'port', 'storage.20261130', 'up.log.1.new'];
  for (const name of theirs) mkdirSync(join(data, name));
  expect((await resetDataFolder(data))!.left.sort()).toEqual(theirs);
  expect(readdirSync(data).sort()).toEqual(theirs);
});

// As 9ba1371 and 9df1bbe7 and all since then write it, with what is there while something is being written. Without `pods`
// and `engine`, whose Pods it would look for.
const written = {
  folders: ['events', 'images', 'network', 'storage', 'volumes'],
  files: [
    ...['encryption.id', 'encryption.key', 'format', 'images.json', 'instance.json', 'kubelet-ports.json'],
    ...[
      'lock',
      'pki.json',
      'port',
      'up.log',
      'encryption.id.17.new',
      'encryption.key.17.new',
      'format.17.new',
    ],
    ...['images.json.17.new', 'images.json.lock', 'instance.json.17.new', 'kubelet-ports.json.17.new'],
    ...['pki.json.new', 'port.17.new', 'up.log.17', 'images.json.lock.1764576000000000000'],
  ],
};

test('all that a control plane writes is deleted', async () => {
  const data = join(folder, 'data');
  for (const name of written.folders) mkdirSync(join(data, name, 'deep'), { recursive: true });
  for (const name of written.files) writeFileSync(join(data, name), name === 'format' ? '1\n' : '');
  expect(await resetDataFolder(data)).toEqual({ left: [] });
  expect(existsSync(data)).toBe(false);
});

test.each<[string, (data: string) => unknown]>([
  ['that were loaded', (data) => imagesIn(data)],
  ['that were added', (data) => addImage(join(data, 'images.json'), 'app', programFolder())],
  ['that were removed', (data) => removeImage(join(data, 'images.json'), 'app')],
])('a folder that has nothing but images %s is deleted', async (_, make) => {
  const data = join(folder, 'data');
  mkdirSync(data);
  await make(data);
  expect(await resetDataFolder(data)).toEqual({ left: [] });
  expect(existsSync(data)).toBe(false);
});

test('a reset that broke off when only the lock was left is taken up again', async () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'lock'), '');
  expect(await resetDataFolder(data)).toEqual({ left: [] });
  expect(existsSync(data)).toBe(false);
});

test('a folder that has nothing but a project’s folder images is left as it is', async () => {
  mkdirSync(join(folder, 'images/drafts'), { recursive: true });
  await expect(resetDataFolder(folder)).rejects.toThrow('it was left as it is');
  expect(existsSync(join(folder, 'images/drafts'))).toBe(true);
});

function programFolder(): string {
  writeFileSync(join(folder, 'shallop.json'), '{ "command": ["sh"] }');
  return folder;
}

test('of a folder that is reached by a link everything is deleted but the link, which leads on', async () => {
  const [real, link] = [join(folder, 'real'), join(folder, 'link')];
  mkdirSync(real);
  symlinkSync(real, link);
  await started(link);
  expect(await resetDataFolder(link)).toEqual({ left: [] });
  expect(readdirSync(real)).toEqual([]);
  await started(link);
});

test('a control plane that starts while a folder is deleted gets all of it or nothing', async () => {
  const data = join(folder, 'data');
  await started(data);
  mkdirSync(join(data, 'images/blobs'), { recursive: true });
  for (let i = 0; i < 3000; i++) writeFileSync(join(data, 'images/blobs', String(i)), '');
  const reset = resetDataFolder(data);
  await until('the reset has the folder', () => existsSync(join(data, 'instance.json')));
  let plane: DataFolder | undefined;
  await until('the folder is free', async () => {
    plane = await openDataFolder(data).catch(() => undefined);
    return plane;
  });
  mkdirSync(join(data, 'storage'));
  writeFileSync(join(data, 'storage/data.mdb'), 'of the new one');
  expect(await reset).toEqual({ left: [] });
  expect(readFileSync(join(data, 'storage/data.mdb'), 'utf8')).toBe('of the new one');
  await expect(openDataFolder(data)).rejects.toThrow('is in use by another control plane');
  await plane!.release();
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
