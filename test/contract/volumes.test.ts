import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openEfsVolumes } from '../../src/aws/drivers/volumes/index.ts';
import { openLocalVolumes } from '../../src/local/drivers/volumes/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { FakeVolumes } from '../../src/shared/fake/volumes.ts';
import { FakeEfs } from '../support/aws/fakeEfs.ts';
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

volumesContract('access points of EFS', () => ({
  volumes: openEfsVolumes({
    client: new FakeEfs(['fs-1']).client,
    deployment: 'dev',
    clock: new ManualClock(),
    ids: seededIds(),
  }),
  storageClass: {
    metadata: { name: 'efs' },
    provisioner: 'efs.csi.aws.com',
    parameters: { provisioningMode: 'efs-ap', fileSystemId: 'fs-1' },
  },
}));
