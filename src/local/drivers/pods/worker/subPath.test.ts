import { chmod, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readInside, subSource } from './subPath.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-subpath-'));
});
afterEach(() => rm(folder, { recursive: true }));

const mount = { name: 'data', mountPath: '/data' };

test('a part that is not there is made with the mode of its volume, so that the same users may write to it', async () => {
  await chmod(folder, 0o2777);
  const place = await subSource(folder, 'a/b', mount, { name: 'c' });
  for (const made of [join(folder, 'a'), place]) expect((await stat(made)).mode & 0o7777).toBe(0o2777);
});

test('a file of a volume is read, and nothing that a link in it leads out to', async () => {
  await writeFile(join(folder, 'x.env'), "A='1'");
  await symlink('/etc/hostname', join(folder, 'out'));
  await symlink('x.env', join(folder, 'in'));
  expect(await readInside(folder, 'x.env')).toBe("A='1'");
  expect(await readInside(folder, 'in')).toBe("A='1'");
  for (const path of ['out', 'none', '.', '../../etc/hostname'])
    expect(await readInside(folder, path)).toBeUndefined();
});

test('a file that is too long for variables is not read', async () => {
  await writeFile(join(folder, 'fits'), 'x'.repeat(64 << 10));
  await writeFile(join(folder, 'long'), 'x'.repeat((64 << 10) + 1));
  expect(await readInside(folder, 'fits')).toHaveLength(64 << 10);
  expect(await readInside(folder, 'long')).toBeUndefined();
});
