import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { claimProtection, volumeProtection } from '../../src/shared/controllers/persistentvolume/names.ts';
import {
  persistentVolumeClaims as claims,
  events,
  pods,
  storageClasses,
  persistentVolumes as volumes,
} from '../../src/shared/controllers/resources.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';
import { FakeVolumes } from '../../src/shared/fake/volumes.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../src/shared/kinds/schema/types.ts';
import {
  closeWorld,
  createWorld,
  eventuallySecondly,
  isRunning,
  type World,
} from '../support/controllers/world.ts';

let world: World;
let clock: ManualClock;
let cloud: FakeVolumes;
beforeEach(async () => {
  clock = new ManualClock();
  cloud = new FakeVolumes();
  world = createWorld({ clock, ports: { volumes: cloud } });
  await world.manager.start();
});
afterEach(() => closeWorld(world));

const until = (check: () => Promise<boolean> | boolean) => eventuallySecondly(clock, check, 300);
const claim = (name: string, spec: PersistentVolumeClaim['spec'] = {}) =>
  world.client.create(claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', finalizers: [claimProtection] },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    status: { phase: 'Pending' },
  });
const volume = (name: string, spec: PersistentVolume['spec'] = {}) =>
  world.client.create(volumes, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, finalizers: [volumeProtection] },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '2Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      ...spec,
    },
  });
const pod = (name: string, claimName: string) =>
  world.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      schedulerName: 'default-scheduler',
      containers: [{ name: 'c', image: 'app:1' }],
      terminationGracePeriodSeconds: 1,
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  } as Pod);
const phaseOf = async (name: string) =>
  (await world.client.get(claims, 'default', name))?.status?.phase ?? 'gone';
const volumePhase = async (name: string) =>
  (await world.client.get(volumes, '', name))?.status?.phase ?? 'gone';
const reasons = async () => (await world.client.list(events)).map(({ reason }) => reason);

test('a claim of the default class gets a volume that goes with it', async () => {
  const { metadata } = await claim('data');
  await until(async () => (await phaseOf('data')) === 'Bound');
  const name = `pvc-${metadata.uid}`;
  const bound = await world.client.get(claims, 'default', 'data');
  expect(bound?.spec).toMatchObject({ storageClassName: 'fake', volumeName: name });
  expect(bound?.status).toMatchObject({ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] });
  expect(await volumePhase(name)).toBe('Bound');
  await until(async () => (await reasons()).includes('ProvisioningSucceeded'));
  await world.client.delete(claims, 'default', 'data');
  await until(async () => (await phaseOf('data')) === 'gone' && (await volumePhase(name)) === 'gone');
  expect(cloud.made.size).toBe(0);
});

test('a claim finds the volume that fits, and what is retained stays', async () => {
  await volume('big', { capacity: { storage: '9Gi' } });
  await volume('fits');
  await claim('data', { storageClassName: '' });
  await until(async () => (await phaseOf('data')) === 'Bound');
  expect([await volumePhase('big'), await volumePhase('fits')]).toEqual(['Available', 'Bound']);
  expect((await world.client.get(volumes, '', 'fits'))?.spec?.claimRef?.name).toBe('data');
  await world.client.delete(claims, 'default', 'data');
  await until(async () => (await volumePhase('fits')) === 'Released');
  await claim('next', { storageClassName: '', volumeName: 'fits' });
  await until(async () => (await reasons()).includes('FailedBinding'));
  expect(await phaseOf('next')).toBe('Pending');
  expect(cloud.calls.filter((call) => call.startsWith('provision'))).toEqual([]);
});

test('a volume and a claim that name each other are bound whatever their classes', async () => {
  await volume('kept', {
    storageClassName: 'other',
    claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data' },
  });
  await claim('data', { volumeName: 'kept' });
  await until(async () => (await phaseOf('data')) === 'Bound');
  expect(await volumePhase('kept')).toBe('Bound');
});

test('two claims for one volume: one gets it', async () => {
  await Promise.all([
    claim('a', { storageClassName: '' }),
    claim('b', { storageClassName: '' }),
    volume('only'),
  ]);
  await until(async () => [await phaseOf('a'), await phaseOf('b')].includes('Bound'));
  await clock.advance(60_000);
  expect([await phaseOf('a'), await phaseOf('b')].sort()).toEqual(['Bound', 'Pending']);
});

test('a Pod waits for its claim, and a claim for its Pod', async () => {
  await pod('web', 'data');
  const held = async () =>
    (await world.client.get(pods, 'default', 'web'))?.status?.conditions?.find(
      ({ status }) => status === 'False',
    )?.message;
  await until(async () => Boolean((await held())?.includes('persistentvolumeclaim "data" not found')));
  await claim('data', { storageClassName: 'later' });
  await until(async () =>
    Boolean((await held())?.includes('pod has unbound immediate PersistentVolumeClaims.')),
  );
  await until(async () => (await reasons()).includes('ProvisioningFailed'));
  await world.client.create(storageClasses, { ...cloud.classes[0]!, metadata: { name: 'later' } });
  await until(async () => isRunning((await world.client.get(pods, 'default', 'web'))!));
  await world.client.delete(claims, 'default', 'data');
  await clock.advance(60_000);
  expect(await phaseOf('data')).toBe('Bound');
  await world.client.delete(pods, 'default', 'web');
  await until(async () => (await phaseOf('data')) === 'gone');
});

test('what fails is told and tried again; what cannot be is only told', async () => {
  cloud.failNext(new Error('throttled'));
  await claim('data');
  await until(async () => (await phaseOf('data')) === 'Bound');
  expect(await reasons()).toContain('ProvisioningFailed');
  cloud.failNext(new ApiError('Invalid', 'no such file system'));
  await claim('wrong');
  await until(async () =>
    (await world.client.list(events)).some(({ message }) => message?.endsWith('no such file system')),
  );
  await clock.advance(120_000);
  expect(await phaseOf('wrong')).toBe('Pending');
  await world.client.delete(claims, 'default', 'wrong');
  await until(async () => (await phaseOf('wrong')) === 'gone');
});

test('a claim whose volume is gone says so', async () => {
  await volume('disk');
  await claim('data', { storageClassName: '', volumeName: 'disk' });
  await until(async () => (await phaseOf('data')) === 'Bound');
  await world.client.patch(volumes, '', 'disk', { metadata: { finalizers: [] } });
  await world.client.delete(volumes, '', 'disk');
  await until(async () => (await phaseOf('data')) === 'Lost');
});
