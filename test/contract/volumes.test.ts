import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { FakeVolumes } from '../../src/shared/cloud/fake/volumes.ts';
import { openLocalVolumes } from '../../src/shared/cloud/local/volumes/index.ts';
import { volumesContract } from './volumes.ts';

volumesContract('fake', () => {
  const volumes = new FakeVolumes();
  return { volumes, storageClass: volumes.classes[0]! };
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

volumesContract('local folders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-volumes-'));
  folders.push(folder);
  const volumes = openLocalVolumes({ folder });
  return { volumes, storageClass: volumes.classes[0]! };
});
