import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { PodContext } from '../../../../shared/podspec/context.ts';
import { PodVolumes } from './volumes.ts';

test('an emptyDir that a killed control plane had only just made is opened to all users, until a container has run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-volumes-'));
  const place = join(folder, 'scratch');
  const context = { pod: { metadata: {}, spec: { containers: [] } } } as unknown as PodContext;
  const write = async (hasRun: boolean) => {
    await new PodVolumes(folder, undefined).write([{ name: 'scratch', emptyDir: {} }], context, 0, hasRun);
    return statSync(place).mode & 0o777;
  };
  try {
    mkdirSync(place, { mode: 0o755 });
    expect(await write(false)).toBe(0o777);
    // As a program wants it.
    chmodSync(place, 0o700);
    expect(await write(true)).toBe(0o700);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
