import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('detached');
});
afterAll(async () => {
  await plane.shallop('down');
  await plane.close();
});

const detach = (...flags: string[]) =>
  plane.shallop(
    'up',
    '--detach',
    '--runtime',
    'fake',
    '--port',
    '0',
    '--kubeconfig',
    plane.kubeconfig,
    ...flags,
  );
const log = () => readFileSync(join(plane.dataDir, 'up.log'), 'utf8');

test('up --detach returns when the API answers, and it goes on', async () => {
  const said = await detach();
  expect(said).toMatch(/^data folder .*\nready +https:.*shallop down stops it; .*up\.log has what it says/s);
  expect(await plane.shallop('status')).toMatch(/ready +yes\n/);
  expect(log()).toContain('ready');
  // A second one is refused, and takes no log from the first.
  await expect(detach()).rejects.toThrow(/is in use by another control plane \(pid \d+/);
  expect(log()).toContain('ready');
  await plane.shallop('down');
  await until('the log has its last line', () => log().includes('stopping'));
  // Of one that was killed while it waited. The number of this process is somebody's who waits.
  const [left, waiting] = [2 ** 30, process.pid].map((pid) => join(plane.dataDir, `up.log.${pid}`)) as [
    string,
    string,
  ];
  for (const file of [left, waiting]) writeFileSync(file, '');
  await detach();
  expect(log()).not.toContain('stopping');
  expect([left, waiting].map((file) => existsSync(file))).toEqual([false, true]);
});

test('one that fails says why, and leaves nothing', async () => {
  const elsewhere = join(plane.folder, 'elsewhere');
  await expect(detach('--data-dir', elsewhere, '--bind', 'nowhere.invalid')).rejects.toThrow(/error: .+/);
  await expect(detach('--data-dir', elsewhere, '--nodes', 'none')).rejects.toThrow(/--nodes must be/);
  expect(existsSync(join(elsewhere, 'up.log'))).toBe(false);
  const file = join(plane.folder, 'file');
  writeFileSync(file, '');
  for (const place of [file, ...(process.platform === 'linux' ? ['/proc/nope'] : [])])
    await expect(detach('--data-dir', place)).rejects.toThrow(/error: .* cannot be a data folder \(\w+: /);
});
