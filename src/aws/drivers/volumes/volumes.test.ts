import { expect, test } from '@jest/globals';
import { FakeEfs } from '../../../../test/support/aws/fakeEfs.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openEfsVolumes } from './index.ts';

const open = (efs: FakeEfs, deployment = 'dev') =>
  openEfsVolumes({ client: efs.client, deployment, clock: new ManualClock(), ids: seededIds() });
const ref = (uid: string) => ({ cluster: 'default', namespace: 'ns', name: 'data', uid });
const storageClass = (fileSystemId: string) => ({
  metadata: { name: 'efs' },
  provisioner: 'efs.csi.aws.com',
  parameters: { provisioningMode: 'efs-ap', fileSystemId },
});

test('an answer that was lost makes no second access point', async () => {
  const efs = new FakeEfs(['fs-1']);
  const first = await open(efs).provision(ref('u'), { metadata: {} }, storageClass('fs-1'));
  expect(first.spec.csi).toEqual({ driver: 'efs.csi.aws.com', volumeHandle: 'fs-1::fsap-1' });
  expect(await open(efs).provision(ref('u'), { metadata: {} }, storageClass('fs-1'))).toEqual(first);
  expect(efs.points.size).toBe(1);
});

test("another deployment's and a stranger's are neither seen nor removed", async () => {
  const efs = new FakeEfs(['fs-1']);
  await open(efs, 'prod').provision(ref('u'), { metadata: {} }, storageClass('fs-1'));
  efs.points.set('fsap-ff', { AccessPointId: 'fsap-ff', LifeCycleState: 'available' } as never);
  expect(await open(efs).list()).toEqual([]);
  await open(efs).remove(ref('u'));
  expect(efs.points.size).toBe(2);
});

test('a volume whose place is known is removed without a look at others, and only if it is its own', async () => {
  const efs = new FakeEfs(['fs-1', 'fs-2'], 100);
  const volumes = open(efs);
  const specs = [];
  for (const [uid, system] of [
    ['a', 'fs-1'],
    ['b', 'fs-1'],
    ['c', 'fs-2'],
  ] as const)
    specs.push((await volumes.provision(ref(uid), { metadata: {} }, storageClass(system))).spec);
  const callsFor = async (...asked: Parameters<typeof volumes.remove>) => {
    efs.calls.length = 0;
    await volumes.remove(...asked);
    return efs.calls.map((call) => call.replace(/AccessPoints?/, ''));
  };
  expect(await callsFor(ref('a'), specs[0])).toEqual(['Describe', 'Delete']);
  expect(await callsFor(ref('a'), specs[0])).toEqual(['Describe']);
  await volumes.remove(ref('b'), specs[2]);
  await volumes.remove({ ...ref('b'), cluster: 'red' }, specs[1]);
  expect([...efs.points.keys()]).toEqual(['fsap-2', 'fsap-3']);
});

test('a file system that is not there is said so', async () => {
  await expect(
    open(new FakeEfs([])).provision(ref('u'), { metadata: {} }, storageClass('fs-1')),
  ).rejects.toMatchObject({
    reason: 'NotFound',
    message: 'CreateAccessPoint: FileSystemNotFound: FileSystemNotFound',
  });
});
