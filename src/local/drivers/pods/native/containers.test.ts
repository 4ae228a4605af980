import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import { createContainers, failureOf } from './containers.ts';
import { failedFile } from './script.ts';
import type { Support } from './support.ts';

test('a root that takes long is not looked for at every millisecond, and its end is noticed', async () => {
  const clock = new ManualClock();
  const { started } = createContainers({ support: {} as Support, clock, toolsFolder: '/nowhere' });
  let [looks, hasEnded] = [0, false];
  const waiting = expect(
    started('/nowhere/run', () => {
      looks++;
      return hasEnded;
    }),
  ).rejects.toThrow('its root file system could not be made');
  await clock.advance(60_000);
  expect(looks).toBeLessThan(4000);
  hasEnded = true;
  await clock.advance(20);
  await waiting;
});

test('why a root could not be made is told, and not where mount(8) says that more may stand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-failed-'));
  try {
    expect(failureOf(folder)).toBe('its root file system could not be made');
    const lines = ['cp: no', 'mount: /x: bad option.', '       dmesg(1) may have more information', ''];
    writeFileSync(join(folder, failedFile), lines.join('\n'));
    expect(failureOf(folder)).toBe('mount: /x: bad option.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
