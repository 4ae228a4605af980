import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { asOrdinaryUser, nobody } from '../../../../../test/support/asOrdinaryUser.ts';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { Sandbox } from '../sandbox.ts';
import { openPodRuntime } from './podRuntime.ts';

test('a Pod that was being removed is removed at the next start, though it has made folders read-only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-runtime-'));
  const cache = join(folder, 'uid', 'volumes', 'cache');
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'file'), '');
  if (process.geteuid?.() === 0)
    for (const each of ['.', 'uid', 'uid/volumes', 'uid/volumes/cache'])
      chownSync(join(folder, each), nobody, 0);
  // As Go's module cache has them.
  chmodSync(cache, 0o555);
  const sandbox = { onEnd() {}, async teardown() {}, async close() {} } as unknown as Sandbox;
  const open = () => openPodRuntime({ folder, sandbox, clock: new ManualClock(), nodes: [] });
  try {
    const runtime = await asOrdinaryUser(open);
    expect(existsSync(join(folder, 'uid'))).toBe(false);
    await runtime.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
