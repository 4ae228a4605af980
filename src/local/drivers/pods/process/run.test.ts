import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import { claimed } from './run.ts';
import { inspectRun } from './runFolder.ts';

test('A2: a program that takes its claim away at once is not waited for as long as it runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-run-'));
  const clock = new ManualClock();
  const done: string[] = [];
  let looks = 0;
  const child = {
    get exited() {
      looks++;
      return false;
    },
    release: () => done.push('release'),
    kill: () => done.push('kill'),
  };
  const waiting = expect(claimed(folder, child, clock)).rejects.toThrow(
    'its process has not begun within a minute',
  );
  await clock.advance(60_100);
  await waiting;
  expect(done).toEqual(['kill', 'release']);
  // It is looked for at every millisecond only as long as it may come at once.
  expect(looks).toBeLessThan(4000);
  // Nor may it begin later.
  expect(inspectRun(folder, clock.now()).kind).toBe('barred');
  rmSync(folder, { recursive: true });
});
