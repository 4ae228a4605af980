import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rewriteFile } from './rewriteFile.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-rewrite-'));
  file = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('of those who find a stale lock at the same time none loses its change', async () => {
  for (let round = 0; round < 20; round++) {
    rmSync(file, { force: true });
    writeFileSync(`${file}.lock`, '');
    utimesSync(`${file}.lock`, 1, 1);
    const letters = [...'abcdef'];
    await Promise.all(letters.map((letter) => rewriteFile(file, 'the file', (text) => text + letter)));
    expect([...readFileSync(file, 'utf8')].sort()).toEqual(letters);
    expect(readdirSync(folder)).toEqual(['file']);
  }
});

test('who was killed while it took a stale lock away keeps nobody from it', async () => {
  writeFileSync(`${file}.lock`, '');
  utimesSync(`${file}.lock`, 1, 1);
  const claim = `${file}.lock.${statSync(`${file}.lock`, { bigint: true }).mtimeNs}`;
  writeFileSync(claim, '');
  utimesSync(claim, 1, 1);
  await rewriteFile(file, 'the file', () => 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('the lock of another one, which took ours for stale, stays', async () => {
  await rewriteFile(file, 'the file', () => {
    rmSync(`${file}.lock`);
    writeFileSync(`${file}.lock`, 'theirs');
    utimesSync(`${file}.lock`, 1, 1);
    return 'new';
  });
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe('theirs');
});
