import { expect, test } from '@jest/globals';
import { fakeEcsWorld, podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { FakeEfs } from '../../../../test/support/aws/fakeEfs.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import type { PodSources } from '../../../shared/ports/cloud.ts';
import { openSender } from '../sender.ts';
import { openEfsVolumes } from '../volumes/index.ts';
import { openVolumeParts } from '../volumes/parts.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: '00000000-0000-4000-8000-00000000000a' };

/** A Pod of that age, which mounts four folders of a claim that has just been bound. */
async function waiting(ageMs: number) {
  const efs = new FakeEfs(['fs-1']);
  const common = { client: efs.client, deployment: 'test', clock: new ManualClock(), ids: seededIds() };
  const points = { ...common, send: openSender(common) };
  const world = fakeEcsWorld({ driver: { volumeParts: openVolumeParts(points) } });
  const { spec } = await openEfsVolumes(points).provision(
    { ...ref, name: 'd', uid: 'u' },
    { metadata: {} },
    {
      metadata: { name: 'efs' },
      provisioner: 'efs.csi.aws.com',
      parameters: { provisioningMode: 'efs-ap', fileSystemId: 'fs-1' },
    },
  );
  const plain = podOf('app', { name: ref.name, uid: ref.uid });
  const folders = ['a', 'b', 'c', 'd'];
  const pod: Pod = {
    metadata: { ...plain.metadata, creationTimestamp: new Date(world.clock.now()).toISOString() },
    spec: {
      ...plain.spec!,
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'd' } }],
      containers: plain.spec!.containers.map((container) => ({
        ...container,
        volumeMounts: folders.map((subPath) => ({ name: 'd', mountPath: `/${subPath}`, subPath })),
      })),
    },
  };
  await world.clock.advance(ageMs);
  const sources: PodSources = { ...world.sources, volume: async () => ({ metadata: { name: 'pv' }, spec }) };
  return { ...world, efs, pod, sources };
}

test.each([0, 600_000])(
  'the folders of a Pod that is %i ms old are made together, and it starts when they are',
  async (ageMs) => {
    const { driver, ecs, efs, pod, sources } = await waiting(ageMs);
    await driver.ensure(ref, pod, sources);
    expect(await driver.observe(ref, pod)).toMatchObject({
      lookAgainMs: 2_000,
      containerStatuses: [
        {
          state: {
            waiting: {
              reason: 'ContainerCreating',
              message: 'failed to prepare subPath "a" of volume "d": access point fsap-2 is creating',
            },
          },
        },
      ],
    });
    expect(efs.points.size).toBe(5);
    await driver.ensure(ref, pod, sources);
    expect(ecs.tasks()).toHaveLength(1);
  },
);

test('a claim of which a Pod mounts several folders is read once for each try', async () => {
  const { driver, pod, sources } = await waiting(0);
  const claims: string[] = [];
  const volume = (name: string) => {
    claims.push(name);
    return sources.volume!(name);
  };
  await driver.ensure(ref, pod, { ...sources, volume });
  expect(claims).toEqual(['d']);
});

test('a Pod that waits for EFS to answer has the patience of its age', async () => {
  const { driver, efs, pod, sources } = await waiting(600_000);
  efs.failNext('DescribeAccessPoints', 'AccessDeniedException');
  await driver.ensure(ref, pod, sources);
  expect(await driver.observe(ref, pod)).toMatchObject({ lookAgainMs: 60_000 });
});
