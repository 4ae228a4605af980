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

test('what a process that is gone has left is removed, its marks too', async () => {
  // No process has so high a number.
  for (const name of ['99999999-a', '99999999-b-sweeping']) writeFileSync(join(folder, name), '');
  const done = await drafts.busy();
  await done();
  expect(await drafts.alone(async () => 'swept')).toBe('swept');
  expect(readdirSync(folder)).toEqual([]);
});
