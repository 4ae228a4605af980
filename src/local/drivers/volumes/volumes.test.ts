import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLocalVolumes } from './index.ts';

test('the folder of a claim is for the users of all containers, and for nobody else of the machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-volumes-'));
  try {
    const home = join(folder, 'volumes');
    const volumes = openLocalVolumes({ folder: home });
    const ref = { cluster: 'default', namespace: 'default', name: 'data', uid: 'u' };
    const { spec } = await volumes.provision(ref, { metadata: {} }, volumes.classes[0]!);
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    expect(modeOf(spec.hostPath?.path ?? '')).toBe(0o777);
    expect(modeOf(home)).toBe(0o700);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
