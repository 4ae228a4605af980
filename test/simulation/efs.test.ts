import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openFargatePods } from '../../src/aws/drivers/pods/index.ts';
import { openSender } from '../../src/aws/drivers/sender.ts';
import { openEfsVolumes } from '../../src/aws/drivers/volumes/index.ts';
import { openVolumeParts } from '../../src/aws/drivers/volumes/parts.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import {
  deployments,
  events,
  persistentVolumeClaims,
  pods,
  storageClasses,
} from '../../src/shared/controllers/resources.ts';
import type { VolumeMount } from '../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { FakeEcs } from '../support/aws/fakeEcs.ts';
import { settings } from '../support/aws/fakeEcsWorld.ts';
import { FakeEfs } from '../support/aws/fakeEfs.ts';
import {
  closeWorld,
  createWorld,
  deploymentOf,
  eventuallySecondly,
  isRunning,
  type World,
} from '../support/controllers/world.ts';

/** The whole control plane over Fargate and EFS, both in memory. */
let world: World;
let clock: ManualClock;
let ecs: FakeEcs;
let efs: FakeEfs;
beforeEach(async () => {
  clock = new ManualClock();
  ecs = new FakeEcs({ clock, startMs: 20_000 });
  efs = new FakeEfs(['fs-1']);
  const clients = { ecs: ecs as never, logs: ecs.logs as never };
  const common = { clock, ids: seededIds(2), log: silentLogger, pollMs: 1000 };
  const points = { client: efs.client, deployment: settings.deployment, send: openSender(common) };
  const volumes = openEfsVolumes({ ...points, ...common });
  const volumeParts = openVolumeParts({ ...points, clock });
  world = createWorld({
    clock,
    ports: { pods: openFargatePods({ ...settings, ...clients, ...common, volumeParts }), volumes },
  });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 600);
const makeClass = (name: string, fileSystemId: string) =>
  world.client.create(storageClasses, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'efs.csi.aws.com',
    parameters: { provisioningMode: 'efs-ap', fileSystemId },
  });
const claim = (storageClassName: string) =>
  world.client.create(persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default', finalizers: ['kubernetes.io/pvc-protection'] },
    spec: { storageClassName, accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  });
const deploy = (...mounts: Partial<VolumeMount>[]) => {
  const deployment = deploymentOf('web', 2);
  const spec = deployment.spec!.template.spec!;
  spec.volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const all = mounts.map((mount, i) => ({ name: 'data', mountPath: `/data${i}`, ...mount }));
  spec.containers[0]!.volumeMounts = all;
  return world.client.create(deployments, deployment);
};

test('Pods wait for their claim, and their tasks mount its access point', async () => {
  await deploy({});
  await makeClass('efs', 'fs-1');
  await clock.advance(30_000);
  expect(ecs.tasks()).toEqual([]);
  efs.failNext('CreateAccessPoint', 'ThrottlingException');
  await claim('efs');
  await until(async () => {
    const all = await world.client.list(pods);
    return all.length === 2 && all.every(isRunning);
  });
  const [point] = [...efs.points.keys()];
  expect(efs.points.size).toBe(1);
  expect([...ecs.definitions.values()].map((each) => JSON.stringify(each))).toEqual([
    expect.stringContaining(`"authorizationConfig":{"accessPointId":"${point}"}`),
  ]);
  await world.client.delete(persistentVolumeClaims, 'default', 'data');
  await clock.advance(60_000);
  expect(efs.points.size).toBe(1);
  await world.client.delete(deployments, 'default', 'web');
  await until(() => efs.points.size === 0);
  expect(await world.client.list(persistentVolumeClaims)).toEqual([]);
});

test('folders of a claim are access points of their own, one for all Pods, which go with the claim', async () => {
  await makeClass('efs', 'fs-1');
  await claim('efs');
  await deploy({ subPath: 'logs' }, { subPath: 'db/1' });
  await until(async () => {
    const all = await world.client.list(pods);
    return all.length === 2 && all.every(isRunning);
  });
  const [whole, ...parts] = [...efs.points.values()];
  expect(parts.map(({ RootDirectory }) => RootDirectory?.Path)).toEqual(
    ['/logs', '/db/1'].map((path) => `${whole?.RootDirectory?.Path}${path}`),
  );
  const [definition, ...more] = [...ecs.definitions.values()].map((each) => JSON.stringify(each));
  expect(more).toEqual([]);
  for (const { AccessPointId } of parts) expect(definition).toContain(`{"accessPointId":"${AccessPointId}"}`);
  await world.client.delete(deployments, 'default', 'web');
  await world.client.delete(persistentVolumeClaims, 'default', 'data');
  await until(() => efs.points.size === 0);
});

test('what EFS refuses is an Event of the claim', async () => {
  await makeClass('gone', 'fs-2');
  await claim('gone');
  await until(async () =>
    (await world.client.list(events)).some(
      ({ reason, message }) => reason === 'ProvisioningFailed' && message?.includes('FileSystemNotFound'),
    ),
  );
});
