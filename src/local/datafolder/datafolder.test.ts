import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDataFolder, replaceFile, runningInstance } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'shallop-data-')), 'data');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

test('it is private, known while open, and free again after', async () => {
  const open = await openDataFolder(folder);
  await open.announce('https://127.0.0.1:1');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(await runningInstance(folder)).toMatchObject({ pid: process.pid, url: 'https://127.0.0.1:1' });
  await expect(openDataFolder(folder)).rejects.toThrow(/in use by another control plane \(pid \d+, https/);
  await open.release();
  expect(await runningInstance(folder)).toBeUndefined();
  await (await openDataFolder(folder)).release();
});

test('what a file manager leaves among the images keeps nobody from opening it', async () => {
  mkdirSync(join(folder, 'images/blobs'), { recursive: true });
  writeFileSync(join(folder, 'images/.DS_Store'), '');
  await (await openDataFolder(folder)).release();
});

test('what a killed process left behind does not count', async () => {
  await (await openDataFolder(folder)).release();
  writeFileSync(join(folder, 'instance.json'), JSON.stringify({ pid: process.pid, startTime: '1' }));
  await (await openDataFolder(folder)).release();
});

test.each(['', '{', 'null', '{}', '"x"'])('an instance file that says %j does not count', async (text) => {
  await (await openDataFolder(folder)).release();
  writeFileSync(join(folder, 'instance.json'), text);
  expect(await runningInstance(folder)).toBeUndefined();
  await (await openDataFolder(folder)).release();
});

test.each([
  ['2', /newer shallop \(format 2/],
  ['x', /damaged/],
])('format %s is refused', async (text, message) => {
  await (await openDataFolder(folder)).release();
  writeFileSync(join(folder, 'format'), text);
  await expect(openDataFolder(folder)).rejects.toThrow(message);
});

test('drafts that killed processes leave are one for each file, however many processes', async () => {
  await (await openDataFolder(folder)).release();
  const format = join(folder, 'format');
  rmSync(format);
  // What is in the way of its name ends a replacement where a kill would: its draft stays.
  mkdirSync(format);
  await expect(replaceFile(format, '1\n')).rejects.toThrow();
  const [draft, ...others] = readdirSync(folder).filter((name) => name.endsWith('.new'));
  expect([draft, others]).toEqual([expect.not.stringContaining(`${process.pid}`), []]);
  rmSync(format, { recursive: true });
  await (await openDataFolder(folder)).release();
  expect(readdirSync(folder).sort()).toEqual(['format', 'lock']);
});
