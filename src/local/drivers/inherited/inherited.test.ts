import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect } from '@jest/globals';
import { needs, notLinux } from '../../../../test/support/needs.ts';
import { openEnvironment } from '../lmdb/environment.ts';
import { sealed } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-inherited-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openIn = async (stdio: ReturnType<typeof sealed>) => {
  const child = spawn('ls', ['-l', '/proc/self/fd'], { stdio });
  return text(child.stdout!);
};

needs(notLinux).test('programs do not inherit the storage, whenever it was opened', async () => {
  const first = await openEnvironment(join(folder, 'a'));
  expect(await openIn(['ignore', 'pipe', 'ignore'])).toContain('a/data.mdb');
  expect(await openIn(sealed(['ignore', 'pipe', 'ignore']))).not.toContain('data.mdb');
  const second = await openEnvironment(join(folder, 'b'));
  expect(await openIn(sealed(['ignore', 'pipe', 'ignore']))).not.toContain('data.mdb');
  await Promise.all([first.close(), second.close()]);
});
