import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import { findSupport } from './support.ts';

const find = (folder: string) => findSupport(folder, process.env.PATH ?? '', process.getuid?.() === 0);
const trial = mkdtempSync(join(tmpdir(), 'shallop-support-'));
const obstacle = await find(trial).then(
  () => undefined,
  (error: Error) => error.message,
);
rmSync(trial, { recursive: true });
const { test } = needs(obstacle);

test('what a killed start left of its trial is gone after the next, and so is its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-support-'));
  mkdirSync(join(folder, '.try/image/proc'), { recursive: true });
  await find(folder);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
