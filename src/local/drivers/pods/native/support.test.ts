import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findSupport, Unsupported } from './support.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('what a killed start left of its trial is gone after the next, and so is its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-support-'));
  mkdirSync(join(folder, '.try/image/proc'), { recursive: true });
  const found = await findSupport(folder, process.env.PATH ?? '', process.getuid?.() === 0).catch(
    (error: unknown) => error,
  );
  const isWithoutTools = found instanceof Unsupported && /is missing/.test(found.message);
  if (!isWithoutTools) expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
