import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FakeEngine, startFakeEngine } from '../../../../../test/support/fakeEngine.ts';
import { findEngine, loadIntoEngine } from './index.ts';

let fake: FakeEngine;
beforeEach(async () => {
  fake = await startFakeEngine();
});
afterEach(() => fake.close());

const load = async (archive: Readable, name?: string) =>
  loadIntoEngine((await findEngine({ DOCKER_HOST: `unix://${fake.socket}` })).client, archive, name);

test.each<[string, string[], string[]]>([
  ['Docker Engine', ['Loaded image: app:v1\n', 'Loaded image: app:v2\n'], ['app:v1', 'app:v2']],
  ['Docker Engine, of one without a name', ['Loaded image ID: sha256:abc\n'], ['sha256:abc']],
  ['Podman', ['Loaded image: localhost/app:v1'], ['localhost/app:v1']],
  [
    'Podman, of several',
    ['Loaded images: localhost/app:v1, localhost/db:v1'],
    ['localhost/app:v1', 'localhost/db:v1'],
  ],
])('what %s says that it took is told', async (_, lines, names) => {
  fake.load = lines.map((stream) => ({ stream }));
  const parts = ['an ', 'archive'].map((part) => Buffer.from(part));
  expect(await load(Readable.from(parts))).toEqual(names);
  expect(fake.loaded.map(String)).toEqual(['an archive']);
});

test('an image is given the name that was asked for', async () => {
  fake.load = [{ stream: 'Loaded image ID: sha256:abc\n' }];
  expect(await load(Readable.from(['x']), 'localhost:5000/app:v3')).toEqual(['localhost:5000/app:v3']);
  expect(fake.asked).toContain('tag sha256:abc localhost:5000/app:v3');
});

test.each<[string, object[], string]>([
  [
    'refuses',
    [{ errorDetail: { message: 'invalid tar header' }, error: 'invalid tar header' }],
    'invalid tar header',
  ],
  ['says nothing', [], 'the engine found no image in the archive'],
])('an engine that %s is an error', async (_, said, message) => {
  fake.load = said;
  await expect(load(Readable.from(['x']))).rejects.toThrow(message);
});

test('an archive that cannot be read to its end is an error', async () => {
  const broken = Readable.from(
    (async function* () {
      yield 'some of it';
      throw new Error('the disk is gone');
    })(),
  );
  await expect(load(broken)).rejects.toThrow('the disk is gone');
});
