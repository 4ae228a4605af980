import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const child = join(import.meta.dirname, 'storage-full-child.ts');

test('writes that find the disk full are ServiceUnavailable, leave no trace, and later ones succeed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'shallop-full-'));
  // A limit on file size, in blocks of 512 bytes, stands for a full disk.
  const script = 'ulimit -f 6000; exec "$0" "$@"';
  const { stdout } = await promisify(execFile)('sh', ['-c', script, process.execPath, child, dir]);
  const { written, reasons, last, items } = JSON.parse(stdout);
  expect(written.length).toBeGreaterThan(4);
  expect(written).toEqual(written.map((_: string, i: number) => `${i + 2}`));
  expect(reasons.length).toBe(40 - written.length);
  expect(new Set(reasons)).toEqual(new Set(['ServiceUnavailable']));
  expect(last).toEqual([0, 1, 1].map((n) => `${written.length + 2 + n}`));
  expect(items).toBe(written.length);
});
