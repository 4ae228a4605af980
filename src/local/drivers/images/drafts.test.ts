import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Drafts, openDrafts } from './drafts.ts';

let folder: string;
let drafts: Drafts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-drafts-'));
  drafts = openDrafts(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an image that comes while somebody sweeps waits, and nobody sweeps while it comes', async () => {
  const order: string[] = [];
  let end = () => {};
  const begun = new Promise<void>((begin) => {
    void drafts
      .alone(async () => {
        begin();
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      })
      .then(() => order.push('swept'));
  });
  await begun;
  const coming = drafts.busy().then((done) => {
    order.push('comes');
    return done;
  });
  expect(await drafts.alone(async () => 'swept twice')).toBeUndefined();
  end();
  const done = await coming;
  expect(order).toEqual(['swept', 'comes']);
  expect(await drafts.alone(async () => 'swept')).toBeUndefined();
  await done();
  expect(await drafts.alone(async () => 'swept')).toBe('swept');
});

test('what a process that is gone has left is removed', async () => {
  writeFileSync(join(folder, `${process.pid}-a`), '');
  const done = await drafts.busy();
  expect(await drafts.alone(async () => 'swept')).toBeUndefined();
  await done();
  expect(await drafts.alone(async () => 'swept')).toBe('swept');
  expect(readdirSync(folder)).toEqual(['lock']);
});

test('an image that a killed process was bringing keeps nobody from sweeping', async () => {
  const module = new URL('./drafts.ts', import.meta.url).href;
  const script = `const { openDrafts } = await import(${JSON.stringify(module)});
    await openDrafts(${JSON.stringify(folder)}).busy();
    console.log('busy');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(await drafts.alone(async () => 'swept')).toBeUndefined();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await drafts.alone(async () => 'swept')).toBe('swept');
});
