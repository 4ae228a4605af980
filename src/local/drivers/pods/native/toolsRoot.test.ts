import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import { until } from '../../../../../test/support/until.ts';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { Support } from './support.ts';
import { mountsOf, openToolsRoot } from './toolsRoot.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { test } = needs(process.platform === 'win32' && 'a shell is needed');
const tools = { unshare: 'unshare', nsenter: 'nsenter', setpriv: 'setpriv', env: 'env' };
const support: Support = { tools, layering: 'copy', ownProc: true, missing: [] };

/** A root whose process runs this instead, and how often it was started. */
function opened(name: string, script: string) {
  const [clock, file] = [new ManualClock(), join(folder, name)];
  const inside = () => ['sh', '-c', `echo >>"$0"; ${script}`, file];
  const root = openToolsRoot(support, join(folder, 'root'), clock, inside);
  return { clock, root, starts: () => readFileSync(file, 'utf8').length };
}

test('one that cannot be made is tried again after a minute', async () => {
  const { clock, root, starts } = opened('failing', 'echo not allowed >&2; exit 1');
  for (let i = 0; i < 3; i++) await expect(root.open()).rejects.toThrow('not allowed');
  expect(starts()).toBe(1);
  await clock.advance(60_000);
  await expect(root.open()).rejects.toThrow('not allowed');
  expect(starts()).toBe(2);
});

test('one that was ready is made again once it has ended, and not before', async () => {
  const { root, starts } = opened('ending', 'echo ready; read -r _');
  const path = await root.open();
  expect(path).toMatch(/^\/proc\/\d+\/root$/);
  expect(mountsOf(path)).toBe(path.replace('root', 'ns/mnt'));
  expect([await root.open(), starts()]).toEqual([path, 1]);
  root.close();
  await until('another one', async () => (await root.open()) !== path);
  expect(starts()).toBe(2);
  root.close();
});
