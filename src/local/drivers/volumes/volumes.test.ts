import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { asOrdinaryUser, nobody } from '../../../../test/support/asOrdinaryUser.ts';
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

test('a folder has its note from the start, so that whoever is killed while making it leaves nothing that nobody knows', async () => {
  const home = mkdtempSync(join(tmpdir(), 'shallop-volumes-'));
  try {
    const volumes = openLocalVolumes({ folder: home });
    const ref = { cluster: 'default', namespace: 'default', name: 'data', uid: 'u' };
    // What is in the way ends it where a kill would.
    writeFileSync(join(home, 'u'), '');
    const made = volumes.provision(ref, { metadata: {} }, volumes.classes[0]!);
    await expect(made).rejects.toThrow('EEXIST');
    expect(await volumes.list()).toEqual([ref]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test('the folder of a claim goes though a program has made folders in it read-only', async () => {
  const home = mkdtempSync(join(tmpdir(), 'shallop-volumes-'));
  const ref = { cluster: 'default', namespace: 'default', name: 'data', uid: 'u' };
  const cache = join(home, 'u', 'cache');
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'file'), '');
  if (process.geteuid?.() === 0)
    for (const each of [home, join(home, 'u'), cache]) chownSync(each, nobody, 0);
  // As Go's module cache has them.
  chmodSync(cache, 0o555);
  try {
    await asOrdinaryUser(() => openLocalVolumes({ folder: home }).remove(ref));
    expect(existsSync(join(home, 'u'))).toBe(false);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
