import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Header, pack } from 'tar-stream';
import { unpack } from './unpack.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'shallop-unpack-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Unpacks what a container would send for `src`, and answers the files and the warnings that come of it. */
async function unpacked(entries: [Partial<Header> & { name: string }, string?][], { cut = false } = {}) {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content ?? '');
  archive.finalize();
  const bytes = Buffer.concat(await Readable.from(archive).toArray());
  const warnings: string[] = [];
  const unpacking = {
    prefix: 'src',
    to: 'to',
    cwd,
    warn: (line: string) => void warnings.push(line),
    hint: 'HINT',
  };
  await unpack(Readable.from([cut ? bytes.subarray(0, 700) : bytes]), unpacking);
  const names = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map(({ parentPath, name }) => join(parentPath, name));
  return {
    files: Object.fromEntries(
      files.sort().map((file) => [file.slice(cwd.length + 1), readFileSync(file, 'utf8')]),
    ),
    warnings,
  };
}

test('files and folders stand below the destination, links are left out and told once in full', async () => {
  const { files, warnings } = await unpacked([
    [{ name: 'src/a/b' }, 'one'],
    [{ name: 'src/again', type: 'link', linkname: 'src/a/b' }],
    [{ name: 'src/l1', type: 'symlink', linkname: '/etc/passwd' }],
    [{ name: 'src/l2', type: 'symlink', linkname: 'a' }],
    [{ name: 'src/pipe', type: 'fifo' }],
  ]);
  expect(files).toEqual({ 'to/a/b': 'one', 'to/again': 'one' });
  expect(warnings).toEqual([
    'warning: skipping symlink: "to/l1" -> "/etc/passwd" (consider using "HINT")',
    'warning: skipping symlink: "to/l2" -> "a"',
    'warning: skipping fifo: "to/pipe"',
  ]);
});

test.each(['src/../../out', 'src/../..', 'src/a/../../../out'])(
  '%j is outside: nothing is written, the rest is',
  async (name) => {
    const { files, warnings } = await unpacked([
      [{ name }, 'evil'],
      [{ name: 'src/good' }, 'good'],
    ]);
    expect(files).toEqual({ 'to/good': 'good' });
    expect(warnings).toEqual([expect.stringContaining('is outside target destination, skipping')]);
  },
);

test.each(['/etc/passwd', 'other/file'])('%j was not asked for: the copy ends', async (name) => {
  await expect(unpacked([[{ name }, 'evil']])).rejects.toThrow('tar contents corrupted');
});

test('a link to what was not asked for ends the copy', async () => {
  await expect(unpacked([[{ name: 'src/x', type: 'link', linkname: 'etc/shadow' }]])).rejects.toThrow(
    'tar contents corrupted',
  );
});

test('what is cut is told', async () => {
  await expect(unpacked([[{ name: 'src/a' }, 'x'.repeat(1000)]], { cut: true })).rejects.toThrow(
    /end of data/,
  );
});

test('a file in the place of a folder is told in kubectl’s words', async () => {
  writeFileSync(join(cwd, 'to'), 'a file');
  await expect(unpacked([[{ name: 'src/a/b' }, 'x']])).rejects.toThrow('mkdir to/a: not a directory');
});
