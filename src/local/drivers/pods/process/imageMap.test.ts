import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ImageMissing } from '../sandbox.ts';
import { addImage, canonicalImage, listImages, openImageMap, removeImage } from './imageMap.ts';

let folder: string;
let map: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-images-'));
  map = join(folder, 'data', 'images.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const image = (name: string, descriptor: unknown) => {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'shallop.json'),
    typeof descriptor === 'string' ? descriptor : JSON.stringify(descriptor),
  );
  return home;
};

test.each([
  ['app', 'app:latest'],
  ['app:v2', 'app:v2'],
  ['docker.io/library/app', 'app:latest'],
  ['registry:5000/team/app', 'registry:5000/team/app:latest'],
  ['app@sha256:00', 'app@sha256:00'],
])('%s is %s', (name, canonical) => expect(canonicalImage(name)).toBe(canonical));

test('images are added, found, replaced and removed while the map is open', async () => {
  const find = openImageMap(map);
  await expect(find('app')).rejects.toThrow(ImageMissing);
  await expect(find('app')).rejects.toThrow('shallop image add app <folder>');
  const one = image('one', { command: ['sh', 'x'], args: ['y'], env: { A: '1' }, workingDir: '..' });
  await addImage(map, 'app', one);
  expect(await find('docker.io/library/app:latest')).toEqual({
    id: one,
    command: ['sh', 'x'],
    args: ['y'],
    env: { A: '1' },
    workingDir: folder,
  });
  const two = image('two', { command: ['sh'] });
  await addImage(map, 'app:latest', two);
  expect(await listImages(map)).toEqual({ 'app:latest': two });
  expect((await find('app')).id).toBe(two);
  expect(await removeImage(map, 'app')).toBe(true);
  expect(await removeImage(map, 'app')).toBe(false);
  await expect(find('app')).rejects.toThrow(ImageMissing);
});

test('of alternatives the first that is on the PATH is taken, also one in the folder itself', async () => {
  const home = image('many', { commands: [['no-such-program-here'], ['./own', 'x'], ['sh']] });
  await addImage(map, 'many', home);
  const find = openImageMap(map);
  expect((await find('many')).command).toEqual(['sh']);
  writeFileSync(join(home, 'own'), '');
  chmodSync(join(home, 'own'), 0o755);
  expect((await find('many')).command).toEqual(['./own', 'x']);
});

test.each([
  ['{', /shallop.json: /],
  [{ command: 'sh' }, /"command" must be a list of strings/],
  [{ commands: [] }, /"commands" a list of such lists/],
  [{ command: ['sh'], env: { A: 1 } }, /"env" must map names to strings/],
  [{ comand: ['sh'] }, /unknown field "comand"/],
])('%j is refused', async (descriptor, message) => {
  await expect(addImage(map, 'bad', image('bad', descriptor))).rejects.toThrow(message);
  expect(await listImages(map)).toEqual({});
});

test('a folder without a descriptor is refused', async () => {
  await expect(addImage(map, 'none', folder)).rejects.toThrow('shallop.json: not found');
});

test('of changes at the same time none is lost', async () => {
  const names = Array.from({ length: 8 }, (_, i) => `app${i}:latest`);
  const home = image('app', { command: ['./app'] });
  await Promise.all(names.map((name) => addImage(map, name, home)));
  expect(Object.keys(await listImages(map))).toEqual(names);
});

test.each(['["theirs"]', '{"logo":"logo.png"}', 'null', '7'])(
  'a file that says %s is another’s and is left as it is',
  async (text) => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(map, text);
    const home = image('app', { command: ['./app'] });
    await expect(addImage(map, 'app', home)).rejects.toThrow('it must map names to absolute folders');
    expect(readFileSync(map, 'utf8')).toBe(text);
  },
);
